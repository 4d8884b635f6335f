"""Audits over many cases by the page, what failed of them, and trying it again."""

import time

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.conftest import PATIENCE_MS
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import Site
from tests.browser.test_accessible import check

SOURCE = "phantom"


def store(reader: Reader, image: bytes) -> str:
    """A new case and its audit, ended, one way or the other."""
    reader.audit(image, "No pneumothorax.")
    wait_for(reader, reader.audit_id, 1)
    return reader.audit_id


def wait_for(reader: Reader, audit: str, attempt: int) -> None:
    """Until this attempt at the audit has ended."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        told = reader.get(f"audits/{audit}")
        if told["attempt"] == attempt and told["state"] not in ("queued", "running"):
            return
        assert time.monotonic() < deadline, "the audit does not end"
        time.sleep(0.2)


def test_a_batch_is_made_by_the_keyboard_and_its_failures_tried_again(
    reader: Reader, page: Page, live_site: Site
) -> None:
    store(reader, phantom(81, Label.CARDIOMEGALY))
    failed = store(reader, phantom(82, fails=True))
    page.goto("/batches")
    expect(page.get_by_role("link", name="New batch")).to_be_visible()
    reader.press("a")
    form = page.get_by_role("form", name="New batch")
    form.get_by_label("Of a source").select_option(reader.get(f"audits/{failed}")["case"]["source"])
    check(page)
    form.get_by_role("button", name="Audit them").click()

    expect(page.get_by_role("progressbar", name="Done")).to_be_visible()
    batch = page.url.rsplit("/", 1)[1]
    progress = reader.get(f"batches/{batch}")["progress"]
    assert progress["failed"] >= 1 and progress["left"] == 0
    audits = page.get_by_role("region", name="Its audits")
    expect(audits.get_by_role("button", name="Failed")).to_have_attribute("aria-pressed", "true")
    expect(audits.get_by_role("row").filter(has_text=failed[:8])).to_contain_text(
        "ran out of memory"
    )
    check(page)

    attempt = reader.get(f"audits/{failed}")["attempt"]
    reader.press("r")
    wait_for(reader, failed, attempt + 1)
    expect(page.get_by_role("progressbar", name="Done")).to_be_visible()
    audits.get_by_role("button", name="Done").click()
    expect(audits.get_by_role("row")).to_have_count(progress["done"] + 1)


def test_what_failed_is_told_to_the_traceback_and_tried_again(reader: Reader, page: Page) -> None:
    failed = store(reader, phantom(83, fails=True))
    page.goto("/failures")
    link = page.get_by_role("navigation", name="Failed audits").locator(f"[href$='{failed}']")
    link.click()
    step = page.get_by_role("region", name="Finding on image, attempt 1")
    expect(step).to_contain_text("ran out of memory")
    expect(step.get_by_role("group", name="Traceback")).to_contain_text("GroundingFailed")
    check(page)
    reader.press("r")
    expect(page.get_by_text("1 audit tried again")).to_be_visible()
    expect(page.get_by_role("region", name="Finding on image, attempt 2")).to_be_visible()
    code = reader.get(f"audits/{failed}")["failure"]["code"]
    page.get_by_role("button", name=f"Retry all with {code}").click()
    expect(page.get_by_role("region", name="Finding on image, attempt 3")).to_be_visible()
