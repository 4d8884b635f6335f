"""A reader's shift by keyboard alone: items read blind, and what can go wrong meanwhile."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from bootstrap.processes import wait_until
from inference.vocabulary import Label
from tests.browser.conftest import new_context
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import DEADLINE_SECONDS, PASSWORD, USERNAME, Site
from tests.browser.test_adjudications import client_of, sent

ITEMS = 5
DRAFT = "There is a pleural effusion. No pneumothorax."


@dataclass
class Shift:
    """A queue of blind reads and the two people in it; Nora sits at the keyboard."""

    site: Site
    queue: str
    nora: str
    ben: str


@pytest.fixture
def shift(live_site: Site) -> Shift:
    number = secrets.token_hex(3)
    nora, ben, source = f"nora-shift-{number}", f"ben-shift-{number}", f"shift-{number}"
    people = f"for name in {(nora, ben)}: User.objects.create_user(name, password={PASSWORD!r})"
    live_site.manage("shell", "-c", f"from audits.models import User\n{people}")
    ana = client_of(live_site, USERNAME)
    sent(ana, "sources", {"slug": source, "name": f"Phantoms of shift {number}"})
    rules = {"mode": "blind_first", "filter": {"source": source}, "takes_done_audits": True}
    queue = sent(ana, "queues", {"name": f"Shift {number}", "reads_per_item": 1, **rules})["id"]
    for seed in range(ITEMS):
        file = ("phantom.png", phantom(200 + seed, Label.PNEUMOTHORAX), "image/png")
        case = {"draft": DRAFT, "source": source, "view": "PA"}
        answer = ana.post("cases", data=case, files={"image": file})
        assert answer.status_code == 201, answer.text

    def is_filled() -> bool:
        return bool(ana.get(f"queues/{queue}").json()["counts"]["items"] == ITEMS)

    assert wait_until(is_filled, DEADLINE_SECONDS, every=0.2), "the audits did not end"
    return Shift(live_site, queue, nora, ben)


@pytest.fixture
def nora(browser: Browser, shift: Shift) -> Iterator[Reader]:
    context = new_context(browser, shift.site, None)
    faults: list[str] = []
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    nora = Reader(context.new_page())
    yield nora
    context.close()
    assert faults == [], "the page met a fault of its own"


def test_a_shift_by_keyboard_alone(nora: Reader, shift: Shift) -> None:
    slots: list[str] = []
    sign_in(nora, shift)
    expect(nora.page.get_by_text("image first, flags last")).to_be_visible()
    nora.press("n")
    for work in (everything, lost_network, ended_session, expired_lease, lost_lease):
        read_blind(nora)
        slots.append(held_by(shift))
        work(nora, shift)
    expect(nora.page.get_by_text("All 1 open items are being read.")).to_be_visible()

    assert [of(nora, slot) for slot in slots] == [
        (True, {"URGENT": EDITED, "MISSING": EDITED, "UNSUPPORTED": MISREAD}, ["nodule_mass"]),
        *[(True, {"URGENT": YES, "MISSING": YES, "UNSUPPORTED": MISREAD}, [])] * 3,
        # What came too late is kept for her, and not counted.
        (False, {"URGENT": YES, "MISSING": YES}, []),
    ]


YES, EDITED = ("confirmed", None), ("confirmed_modified", None)
MISREAD = ("dismissed", "draft_misread")


def sign_in(nora: Reader, shift: Shift) -> None:
    nora.page.goto(f"/queues/{shift.queue}")
    type_credentials(nora, shift)


def type_credentials(nora: Reader, shift: Shift) -> None:
    nora.tab_to(nora.page.get_by_label("User name"))
    nora.page.keyboard.type(shift.nora)
    nora.press("Tab")
    nora.page.keyboard.type(PASSWORD)
    nora.press("Enter")


def read_blind(nora: Reader) -> None:
    """The image: a pneumothorax and nothing else; then the draft; then the flags."""
    labels = nora.page.get_by_role("group", name="Labels")
    row = labels.locator("[aria-current=true]")
    expect(row).to_contain_text("Pleural effusion")
    nora.press("2")
    expect(row).to_contain_text("Pneumothorax")
    nora.press("c", "t")
    expect(nora.page.get_by_role("button", name="Commit")).to_be_enabled()
    nora.press("Enter")
    expect(nora.page.get_by_text("There is a pleural effusion.")).to_be_visible()
    nora.press("Enter")
    expect(nora.active_flag).to_contain_text("Pneumothorax")


def everything(nora: Reader, shift: Shift) -> None:
    """Window, verdict, significance, reason, corrected box, missed finding, undo, submit."""
    page = nora.page
    readout = page.get_by_text("W 255 L 128")
    expect(readout).to_be_visible()
    nora.press("q", "i")
    expect(readout).to_have_count(0)
    nora.press("c", "1")
    expect(nora.active_flag).to_contain_text("Pleural effusion")
    nora.press("d", "2")
    expect(nora.flags).to_contain_text("Dismissed, draft was misread")
    nora.press("k", "e", "ArrowDown", "Shift+ArrowRight", "e")
    expect(nora.active_flag).to_contain_text("Confirmed, box edited")
    nora.press("a", "4", "ArrowDown", "e")
    expect(nora.flags).to_contain_text("added by you")
    nora.press("z")
    expect(page.get_by_role("button", name="Attest that nothing else")).to_be_disabled()
    nora.press("a", "4", "ArrowDown", "ArrowRight", "e")
    submit(nora)


def lost_network(nora: Reader, shift: Shift) -> None:
    """Everything is said offline, the tab is closed, and the next one sends it."""
    context, audit = nora.page.context, nora.audit_id
    context.set_offline(True)
    answer(nora)
    expect(nora.page.get_by_text("Offline. 3 decisions kept on this computer")).to_be_visible()
    nora.press("t")
    enter(nora)
    expect(nora.page.get_by_text("The read was not submitted")).to_be_visible()

    open_again(nora, context, shift)
    assert nora.audit_id.startswith(audit)
    expect(nora.flags).to_contain_text("Confirmed")
    expect(nora.saved).to_have_text("Saved")
    nora.press("t")
    submit(nora)


def open_again(nora: Reader, context: BrowserContext, shift: Shift) -> None:
    nora.page.close()
    context.set_offline(False)
    nora.page = context.new_page()
    nora.page.goto(f"/queues/{shift.queue}")
    expect(nora.page.get_by_text("image first, flags last")).to_be_visible()
    nora.press("n")
    expect(nora.active_flag).to_be_visible()


def ended_session(nora: Reader, shift: Shift) -> None:
    page = nora.page
    page.context.clear_cookies()
    nora.press("c")
    expect(page.get_by_text("Sign in again to go on")).to_be_visible()
    nora.tab_to(page.get_by_role("button", name="Sign in"))
    nora.press("Enter")
    type_credentials(nora, shift)
    expect(nora.saved).to_have_text("Saved")
    answer(nora)
    nora.press("t")
    submit(nora)


def expired_lease(nora: Reader, shift: Shift) -> None:
    expire(shift)
    answer(nora)
    expect(nora.page.get_by_text("Your time on this item ran out")).to_be_visible()
    nora.tab_to(nora.page.get_by_role("button", name="Take it back"))
    nora.press("Enter")
    expect(nora.saved).to_have_text("Saved")
    nora.press("t")
    submit(nora)


def lost_lease(nora: Reader, shift: Shift) -> None:
    """The lease ran out and somebody else took the item: what is said now is kept, not counted."""
    slot = expire(shift)
    taken = sent(client_of(shift.site, shift.ben), f"queues/{shift.queue}/claim", {})
    assert taken["slot"]["id"] == slot
    nora.press("c")
    expect(nora.page.get_by_text("Another reader has this item now")).to_be_visible()
    expect(nora.saved).to_have_text("Kept, not counted")
    nora.tab_to(nora.page.get_by_role("button", name="Next"))
    nora.press("Enter")


def answer(nora: Reader) -> None:
    """Both cards: there it is; and there it is not, the draft was misread."""
    nora.press("c")
    expect(nora.active_flag).to_contain_text("Confirmed")
    nora.press("j", "d", "2")
    expect(nora.flags).to_contain_text("Dismissed, draft was misread")


def submit(nora: Reader) -> None:
    expect(nora.page.get_by_role("button", name="Submit and next")).to_be_enabled()
    enter(nora)


def enter(nora: Reader) -> None:
    """Enter, once it is no longer taken for a slip of the hand right after a verdict."""
    said = nora.page.evaluate("performance.now()")
    nora.page.wait_for_function("said => performance.now() > said + 300", arg=said)
    nora.press("Enter")


def held_by(shift: Shift) -> str:
    with psycopg.connect(shift.site.env["DATABASE_URL"]) as database:
        find = (
            "SELECT slot.id FROM audits_reviewslot slot JOIN audits_user u ON u.id = reviewer_id"
            " WHERE state = 'leased' AND username = %s"
        )
        [(slot,)] = database.execute(find, [shift.nora]).fetchall()
    return str(slot)


def expire(shift: Shift) -> str:
    """The reader went for a walk: the lease is over, on the server's clock."""
    slot = held_by(shift)
    with psycopg.connect(shift.site.env["DATABASE_URL"]) as database:
        change = "UPDATE audits_reviewslot SET leased_until = now() - interval '1 s' WHERE id = %s"
        assert database.execute(change, [slot]).rowcount == 1
    return slot


def of(nora: Reader, slot: str) -> tuple[bool, dict[str, Any], list[str]]:
    """What the server holds of a read: whether it is in, the verdict by kind, findings added."""
    held = nora.get(f"slots/{slot}")
    kinds = {each["id"]: each["kind"] for each in nora.get(f"audits/{held['audit']}")["flags"]}
    read = held["read"]
    return (
        read["submitted_at"] is not None,
        {
            kinds[each["flag"]]: (each["verdict"], each["reason"])
            for each in read["decisions"]
            if not each["retracted"]
        },
        [each["label"] for each in read["missed_findings"]],
    )
