"""Two reads that differ: compared side by side, ruled by keys, settled with a reason."""

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from inference.vocabulary import Label
from tests.browser.conftest import new_context
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import PASSWORD, USERNAME, Site
from tests.browser.test_accessible import check

SOURCE = "adjudicated-phantoms"
NUMBERS = itertools.count()
PEOPLE = f"""
from audits.models import Queue, QueueMembership, User
for name in ("ben", "cleo", "jo"):
    if not User.objects.filter(username=name).exists():
        User.objects.create_user(name, password={PASSWORD!r})
QueueMembership.objects.create(
    queue=Queue.objects.latest("created_at"),
    user=User.objects.get(username="jo"),
    role=QueueMembership.Role.ADJUDICATOR,
)
"""
BOX = [0.3, 0.6, 0.5, 0.8]


def client_of(site: Site, username: str) -> httpx.Client:
    """The API as this person."""
    client = httpx.Client(base_url=f"{site.url}/api/v1/", timeout=60)
    answer = client.post("auth/token", json={"username": username, "password": PASSWORD})
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client


def sent(client: httpx.Client, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


def read(client: httpx.Client, queue: str, verdict: str, reason: str | None) -> None:
    """A whole read of the queue's one item: every flag with one verdict."""
    slot = sent(client, f"queues/{queue}/claim", {})["slot"]
    lease = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
    for flag in client.get(f"audits/{slot['audit']}").json()["flags"]:
        told = {"id": str(uuid.uuid4()), "flag": flag["id"], "verdict": verdict, "reason": reason}
        sent(client, f"slots/{slot['id']}/decisions", lease | told)
    if verdict == "confirmed":
        added = {"id": str(uuid.uuid4()), "label": "nodule_mass", "box": BOX}
        sent(client, f"slots/{slot['id']}/missed-findings", lease | added)
    sent(client, f"slots/{slot['id']}/submit", lease | {"nothing_else_missed": True})


@pytest.fixture
def disputed(reader: Reader, page: Page, live_site: Site) -> str:
    """One item with two reads that differ in a flag and in a finding one reader added; its queue.

    The site is shared by the tests of a module, so each has a source, a queue and an image of its
    own.
    """
    number = next(NUMBERS)
    source = f"{SOURCE}-{number}"
    ana = client_of(live_site, USERNAME)
    sent(ana, "sources", {"slug": source, "name": "Phantoms that readers differ in"})
    answer = ana.post(
        "cases",
        data={"draft": "No pneumothorax. The heart is normal.", "source": source, "view": "PA"},
        files={"image": ("phantom.png", phantom(91 + number, Label.PNEUMOTHORAX), "image/png")},
    )
    assert answer.status_code == 201, answer.text
    page.goto(f"/audits/{answer.json()['audit']['id']}")
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    rules = {"reads_per_item": 2, "filter": {"source": source}}
    made = str(sent(ana, "queues", {"name": f"Two reads each {number}", **rules})["id"])
    assert sent(ana, f"queues/{made}/fill", {})["added"] == 1
    live_site.manage("shell", "-c", PEOPLE)
    read(client_of(live_site, "ben"), made, "confirmed", None)
    read(client_of(live_site, "cleo"), made, "dismissed", "not_on_image")
    return made


@pytest.fixture
def jo(browser: Browser, live_site: Site, disputed: str) -> Iterator[Reader]:
    context = new_context(browser, live_site, None)
    jo = Reader(context.new_page())
    jo.sign_in("jo")
    yield jo
    context.close()


def test_what_two_reads_differ_in_is_ruled_and_settled_by_keys(jo: Reader) -> None:
    page = jo.page
    page.goto("/adjudications")
    expect(page.get_by_role("row").filter(has_text="Two reads each").first).to_contain_text(
        "Pneumothorax, Nodule or mass"
    )
    check(page)
    jo.press("n")
    differences = page.get_by_role("region", name="Differences")
    in_hand = differences.locator("[aria-current=true]")
    expect(in_hand).to_contain_text("Pneumothorax")
    expect(page.get_by_role("img", name="Chest X-ray")).to_have_count(2)
    check(page)
    # Which read is A and which is B is left to chance, for each adjudicator.
    said = in_hand.get_by_role("row", name="Verdict").get_by_role("cell").all_inner_texts()
    assert sorted(said) == ["Confirmed", "Dismissed"]
    ben, cleo = (str(said.index(verdict) + 1) for verdict in ("Confirmed", "Dismissed"))

    jo.press(ben)
    expect(in_hand).to_contain_text("Nodule or mass")
    page.reload()
    expect(page.get_by_text("1 of 2 ruled")).to_be_visible()
    jo.press("j", "e", "ArrowDown", "e")
    expect(page.get_by_text("2 of 2 ruled")).to_be_visible()
    jo.press("z")
    expect(page.get_by_role("button", name="1 difference left")).to_be_disabled()
    jo.press(cleo, "n")
    page.keyboard.type("The line is skin, and the nodule is a vessel seen end on.")
    with page.expect_response("**/settle") as settled:
        jo.press("Enter")
    expect(page.get_by_role("heading", name="Adjudication")).to_be_visible()
    expect(page.get_by_text("No reads differ")).to_be_visible()

    rulings = {each["label"]: each for each in settled.value.json()["outcome"]["rulings"]}
    assert {each["verdict"] for each in rulings.values()} == {"confirmed", None}
    assert rulings["nodule_mass"]["present"] is False
    page.go_back()
    expect(page.get_by_text("You settled this item.")).to_be_visible()


def test_a_read_is_reopened_with_a_reason_that_its_reader_is_shown(
    jo: Reader, browser: Browser, live_site: Site, disputed: str
) -> None:
    page = jo.page
    page.goto("/adjudications")
    expect(page.get_by_role("link", name="Pneumothorax")).to_be_visible()
    jo.press("n")
    page.get_by_role("button", name="Reopen read A").click()
    page.get_by_label("Why; its reader is shown this").fill("The apex is cut off; look again.")
    page.get_by_role("button", name="Reopen read A").click()
    expect(page.get_by_text("No reads differ")).to_be_visible()
    reads = page.get_by_role("region", name="Submitted reads")
    expect(reads).to_contain_text("Reopened: The apex is cut off; look again.")
    check(page)
    claims = {
        name: sent(client_of(live_site, name), f"queues/{disputed}/claim", {})["slot"]
        for name in ("ben", "cleo")
    }
    ((name, slot),) = [(name, slot) for name, slot in claims.items() if slot]
    context = new_context(browser, live_site, None)
    reader = Reader(context.new_page())
    reader.sign_in(name)
    reader.page.goto(f"/audits/{slot['audit']}?queue={disputed}")
    expect(reader.page.get_by_text("An adjudicator reopened your read")).to_be_visible()
    expect(reader.page.get_by_text("The apex is cut off; look again.")).to_be_visible()
    context.close()
