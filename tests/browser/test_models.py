"""The models page: which backends answer, and each version's own figures."""

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import NAME, phantom
from tests.browser.reader import Reader


def test_a_version_shows_what_the_api_counts_of_it(reader: Reader, page: Page) -> None:
    reader.take(phantom(21, Label.CARDIOMEGALY), "Heart size is normal.")
    page.goto("/models")
    version = page.get_by_role("article").filter(has_text=NAME)
    expect(version).to_contain_text("failed")

    stored = {model["name"]: model for model in reader.get("models")["results"]}[NAME]
    page.reload()
    done = stored["counts"]["done"]
    assert done >= 1
    expect(version).to_contain_text(f"{done} step{'' if done == 1 else 's'} done")
    emitted = stored["stats"]["emitted"]
    expect(version).to_contain_text(f"{emitted} output{'' if emitted == 1 else 's'}")

    version.get_by_text("Model card").press("Enter")
    expect(version.locator("details")).to_have_attribute("open", "")


def test_a_backend_that_is_down_says_why(reader: Reader, page: Page) -> None:
    page.goto("/models")
    backends = page.get_by_role("region", name="Backends").get_by_role("row")
    expect(backends.filter(has_text="parser")).to_contain_text("Up")
    # The worker warms its backends up with a phantom of its own, which this grounder can't know.
    down = backends.filter(has_text=NAME)
    expect(down).to_contain_text("Down")
    expect(down).to_contain_text("The model ran out of memory.")
