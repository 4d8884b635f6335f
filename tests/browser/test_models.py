"""The models page: which backends answer, and each version's own figures."""

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import NAME, phantom
from tests.browser.reader import Reader
from tests.browser.stack import Site
from tests.browser.test_accessible import check


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
    card = version.locator("details").filter(has_text="Model card")
    expect(card).to_have_attribute("open", "")


DOWN = f"""
from audits.models import WorkerBackend
WorkerBackend.objects.filter(name="{NAME}").update(
    version=None, detail="GroundingFailed: The model ran out of memory."
)
"""
UP = f"""
from audits.models import ModelVersion, WorkerBackend
version = ModelVersion.objects.get(kind="grounder", name="{NAME}")
WorkerBackend.objects.filter(name="{NAME}").update(version=version, detail="up")
"""


def test_a_backend_that_is_down_says_why(reader: Reader, page: Page, live_site: Site) -> None:
    live_site.manage("shell", "-c", DOWN)
    try:
        page.goto("/models")
        backends = page.get_by_role("region", name="Backends").get_by_role("row")
        expect(backends.filter(has_text="parser")).to_contain_text("Up")
        down = backends.filter(has_text=NAME)
        expect(down).to_contain_text("Down")
        expect(down).to_contain_text("The model ran out of memory.")
    finally:
        live_site.manage("shell", "-c", UP)


WEEKS = """
from datetime import timedelta
from django.utils import timezone
from audits.services.watching import models_watch
from tests.audits.reviewing import make_audit
from tests.audits.test_comparisons import version
watched = version("watched")
flag = (("MISSING", "pleural_effusion"),)
for week, flagged in ((2, 5), (1, 5), (0, 20)):
    for number in range(22):
        ended = timezone.now() - timedelta(weeks=week)
        flags = flag if number < flagged else ()
        audit = make_audit(flags=flags, source="watched", finished_at=ended, grounder=watched)
        audit.case.brightness = 0.4 + number / 1000
        audit.case.save()
print(models_watch(today=timezone.now().date()))
"""


def test_a_week_that_moved_is_said_in_words_and_intervals(
    reader: Reader, page: Page, live_site: Site
) -> None:
    live_site.manage("shell", "-c", WEEKS)
    page.goto("/models")
    version = page.get_by_role("article").filter(has_text="made-for-tests watched")
    note = version.get_by_role("list", name="What moved")
    expect(note).to_contain_text("audits with a flag are 91% (72% to 97%, n = 22)")
    version.get_by_text("Week by week").press("Enter")
    newest = version.get_by_role("row").nth(1)
    expect(newest).to_contain_text("22 audits done, 0 failed")
    flagged, dismissed = newest.get_by_role("cell").nth(0), newest.get_by_role("cell").nth(1)
    expect(flagged).to_contain_text("90.9")
    expect(flagged).to_contain_text("moved, was")
    expect(dismissed).to_have_text("–")
    expect(newest.get_by_role("cell").nth(6)).to_contain_text("0.41")
    check(page)
