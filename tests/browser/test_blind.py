"""A blind read by keys: the image alone, then the draft, then the flags."""

import itertools
import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

from inference.vocabulary import Label
from tests.browser.conftest import new_context
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import PASSWORD, USERNAME, Site
from tests.browser.test_accessible import check
from tests.browser.test_adjudications import client_of, sent

DRAFT = "FINDINGS: No zebra pattern. No pneumothorax."
_NUMBERS = itertools.count(1)


@pytest.fixture
def queue(reader: Reader, live_site: Site) -> str:
    """A blind queue that takes each audit of its source as it ends, and one that is done."""
    ana, number = client_of(live_site, USERNAME), next(_NUMBERS)
    source = f"blind-{number}"
    sent(ana, "sources", {"slug": source, "name": f"Phantoms read blind, {number}"})
    rules = {"mode": "blind_first", "filter": {"source": source}, "takes_done_audits": True}
    made: str = sent(ana, "queues", {"name": f"Image first {number}", **rules})["id"]
    answer = ana.post(
        "cases",
        data={"draft": DRAFT, "source": source, "view": "PA"},
        files={"image": ("phantom.png", phantom(94 + number, Label.PNEUMOTHORAX), "image/png")},
    )
    assert answer.status_code == 201, answer.text
    reader.page.goto(f"/audits/{answer.json()['audit']['id']}")
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    return made


@pytest.fixture
def nora(browser: Browser, live_site: Site, queue: str) -> Iterator[Reader]:
    name = f"nora{next(_NUMBERS)}"
    made = (
        f"from audits.models import User; User.objects.create_user({name!r}, password={PASSWORD!r})"
    )
    live_site.manage("shell", "-c", made)
    context = new_context(browser, live_site, None)
    nora = Reader(context.new_page())
    nora.sign_in(name)
    yield nora
    context.close()


def kept_answers(page: Page) -> list[str]:
    """All JSON that comes to the page from now on, whichever part of it asked, or asked ahead."""
    answers: list[str] = []

    def keep(route: Route) -> None:
        # Of a request that the page gave up nothing comes to it.
        with suppress(Error):
            answer = route.fetch()
            if re.search("json|html", answer.headers.get("content-type", "")):
                answers.append(answer.text())
            route.fulfill(response=answer)

    # The document too: it brings an audit along.
    page.route(re.compile("/(api/v1/(?!.*events)|audits/)"), keep)
    return answers


def test_the_image_is_read_before_the_draft_and_the_flags(nora: Reader, queue: str) -> None:
    page = nora.page
    answers = kept_answers(page)
    page.goto(f"/queues/{queue}")
    expect(page.get_by_text("image first, flags last")).to_be_visible()
    nora.press("n")
    page.wait_for_url(f"**/audits/*?queue={queue}")
    labels = page.get_by_role("group", name="Labels")
    row = labels.locator("[aria-current=true]")
    expect(row).to_contain_text("Pleural effusion")
    expect(page.get_by_role("img", name="Chest X-ray")).to_be_visible()
    check(page)

    nora.press("d")
    expect(row).to_contain_text("Pneumothorax")
    nora.press("u", "2", "e", "ArrowDown", "e")
    expect(row).to_contain_text("1 box")
    expect(row.get_by_role("button", name="Uncertain")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="3 labels left to say")).to_be_disabled()
    page.reload()
    expect(page.get_by_role("button", name="3 labels left to say")).to_be_disabled()
    nora.press("t", "z", "t")
    expect(page.get_by_role("button", name="Commit")).to_be_enabled()
    with page.expect_response("**/commit") as committed:
        nora.press("Enter")
    said = committed.value.json()
    assert said["next"] == "draft" and said["states"]["pneumothorax"] == "uncertain"
    assert [box["label"] for box in said["boxes"]] == ["pneumothorax"]
    # Nothing that came to the browser up to here tells of the draft.
    assert not [each for each in answers if "zebra" in each]

    expect(page.get_by_text("No zebra pattern.")).to_be_visible()
    assert [each for each in answers if "zebra" in each], "what is listened to would tell"
    check(page)
    assert not [each for each in answers if "URGENT" in each and "urgency" in each]
    nora.press("Enter")
    expect(nora.active_flag).to_contain_text("Pneumothorax")
    nora.press("c", "t")
    expect(nora.saved).to_have_text("Saved")
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_text("Every read in this queue is in.")).to_be_visible()


def test_who_can_not_read_blind_is_told_why(reader: Reader, queue: str) -> None:
    page = reader.page
    page.goto(f"/queues/{queue}")
    expect(page.get_by_text("image first, flags last")).to_be_visible()
    reader.press("n")
    expect(page.get_by_text("so you can't read them blind")).to_be_visible()


def test_a_commit_that_does_not_arrive_is_sent_again(nora: Reader, queue: str) -> None:
    page = nora.page
    page.goto(f"/queues/{queue}")
    expect(page.get_by_text("image first, flags last")).to_be_visible()
    nora.press("n")
    expect(page.get_by_role("group", name="Labels")).to_be_visible()
    nora.press("t")
    expect(page.get_by_role("button", name="Commit")).to_be_enabled()
    page.context.set_offline(True)
    nora.press("Enter")
    expect(page.get_by_text("Offline. What you said is kept in this tab")).to_be_visible()
    page.context.set_offline(False)
    nora.press("Enter")
    expect(page.get_by_text("No zebra pattern.")).to_be_visible()
