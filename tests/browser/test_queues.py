"""A queue by the page: made by rules, filled, read to its end, paused."""

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import USERNAME
from tests.browser.test_accessible import check


def test_a_queue_is_made_filled_read_and_paused(reader: Reader, page: Page) -> None:
    reader.take(phantom(81, Label.CARDIOMEGALY), "Cardiomegaly. There is a lung nodule.")
    page.goto("/queues")
    page.get_by_role("navigation", name="Queues").get_by_text("Open reading").click()
    expect(page.get_by_role("heading", name="Open reading")).to_be_visible()

    reader.press("a")
    form = page.get_by_role("form", name="New queue")
    form.get_by_label("Name").fill("Nodules nobody sees")
    form.get_by_label("Flag").select_option("UNSUPPORTED")
    form.get_by_label("Label").select_option("nodule_mass")
    form.get_by_label("Reads an item").fill("1")
    check(page)
    form.get_by_role("button", name="Make the queue").click()
    expect(page.get_by_role("heading", name="Nodules nobody sees")).to_be_visible()
    queue = page.url.rsplit("/", 1)[1]

    page.get_by_role("button", name="Fill").click()
    expect(page.get_by_text("1 item added. 1 audit matched")).to_be_visible()
    expect(page.get_by_role("region", name="Progress")).to_contain_text("1 item, 1 read")
    expect(page.get_by_role("region", name="Rules")).to_contain_text(
        "Flag UNSUPPORTED, Nodule or mass"
    )
    expect(page.get_by_role("region", name="Agreement")).to_be_visible()
    check(page)

    assigned = page.get_by_role("region", name="Assigned")
    assigned.get_by_label("User name of the reader").fill(USERNAME)
    assigned.get_by_label("Items to assign").fill("5")
    assigned.get_by_role("button", name="Assign").click()
    expect(assigned).to_contain_text(f"1 item kept for {USERNAME}: no more are free for them.")
    expect(assigned.get_by_role("row")).to_contain_text("1 waiting, 0 read")
    check(page)
    assigned.get_by_role("button", name="Withdraw").click()
    expect(assigned.get_by_role("row")).to_have_count(0)
    assigned.get_by_label("User name of the reader").fill("nobody-here")
    assigned.get_by_role("button", name="Assign").click()
    expect(assigned).to_contain_text(
        "nobody-here may not read in this queue. Add them to it first."
    )

    reader.press("n")
    page.wait_for_url(f"**/audits/*?queue={queue}")
    expect(page.locator("header")).to_contain_text("Nodules nobody sees")
    expect(page.get_by_role("checkbox", name="Nothing else missed")).to_be_visible()
    expect(reader.active_flag).to_contain_text("Nodule or mass")
    reader.press("d", "1", "t")
    expect(reader.saved).to_have_text("Saved")
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_text("Every read in this queue is in. 1 item, 1 read.")).to_be_visible()

    page.goto(f"/queues/{queue}")
    reads = page.get_by_role("progressbar", name="Reads in")
    expect(reads).to_have_attribute("aria-valuenow", "1")
    reader.press("p")
    expect(page.get_by_role("button", name="Open P")).to_be_visible()
    reader.press("n")
    expect(page.get_by_text("This queue is paused. Nothing can be claimed now.")).to_be_visible()
