"""Keys of one's own, chosen by keyboard on the sheet that ? opens."""

import re
import secrets

from playwright.sync_api import Page, Route, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import USERNAME, Site
from tests.browser.test_accessible import check
from tests.browser.test_adjudications import client_of, sent


def test_a_key_is_chosen_refused_kept_and_given_back(reader: Reader, page: Page) -> None:
    page.goto("/queues")
    expect(page.get_by_role("link", name="New queue A")).to_be_visible()
    reader.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    said = sheet.get_by_role("status")

    reader.tab_to(sheet.get_by_role("button", name="New queue: A"))
    reader.press("Enter", "p")
    expect(said).to_contain_text("P is taken by “Pause, or open again”")
    reader.press("Enter", "Escape")
    expect(sheet).to_be_visible()
    reader.press("Enter", "x")
    expect(said).to_have_text("Kept in this browser.")
    check(page)
    reader.press("Escape")
    expect(sheet).to_have_count(0)

    page.reload()
    expect(page.get_by_role("link", name="New queue X")).to_be_visible()
    reader.press("a")
    reader.press("x")
    expect(page.get_by_role("form", name="New queue")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="New queue X")).to_be_visible()
    reader.press("F1")
    reader.tab_to(sheet.get_by_role("button", name="Usual keys again"))
    reader.press("Enter", "Escape")
    expect(page.get_by_role("link", name="New queue A")).to_be_visible()


def test_ctrl_k_goes_to_a_page_a_queue_and_a_search(reader: Reader, page: Page) -> None:
    page.goto("/releases")
    expect(page.get_by_role("button", name="Search or go to")).to_be_visible()
    panel = page.get_by_role("dialog", name="Search or go to")
    reader.press("Control+k")
    expect(panel.get_by_role("option", selected=True)).to_contain_text("Work list")
    check(page)
    page.keyboard.type("queu")
    expect(panel.get_by_role("option", selected=True)).to_have_text("QueuesPage")
    reader.press("Escape")
    expect(panel).to_have_count(0)
    expect(page).to_have_url(re.compile("/releases$"))

    reader.press("Control+k")
    page.keyboard.type("open read")
    expect(panel.get_by_role("option", selected=True)).to_have_text("Open readingQueue")
    reader.press("Enter")
    expect(page.get_by_role("heading", name="Open reading", level=1)).to_be_visible()

    reader.press("Control+k")
    page.keyboard.type("effusion")
    expect(panel.get_by_role("option", selected=True)).to_contain_text("“effusion”")
    reader.press("ArrowUp", "ArrowDown", "Enter")
    expect(page).to_have_url(re.compile(r"/\?q=effusion$"))


def test_g_opens_the_guideline_of_the_queue(reader: Reader, page: Page, live_site: Site) -> None:
    ana = client_of(live_site, USERNAME)
    rules = {"mode": "flags_first", "guideline": "Look at both apices first."}
    queue = sent(ana, "queues", {"name": f"Guided {secrets.token_hex(3)}", **rules})
    reader.take(phantom(3, Label.PNEUMOTHORAX), "There is a pleural effusion.")
    reader.press("g")
    drawer = page.get_by_role("region", name="Guideline")
    expect(drawer).to_contain_text("Unsure is an answer.")
    reader.press("Escape")
    expect(drawer).to_have_count(0)
    page.goto(f"/audits/{reader.audit_id}?queue={queue['id']}")
    expect(page.get_by_role("button", name="Guideline")).to_be_visible()
    reader.press("g")
    expect(drawer).to_contain_text("Look at both apices first.")
    check(page)
    reader.press("g")
    expect(drawer).to_have_count(0)


def test_n_waits_for_the_list_of_queues(reader: Reader, page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/api/v1/queues$"), hold)
    page.route("**/claim", lambda claim: claim.abort())
    with page.expect_request(re.compile("/api/v1/queues$")):
        page.goto("/")
    expect(page.get_by_role("heading", name="Work list")).to_be_visible()
    with page.expect_request("**/claim"):
        reader.press("n")
        for route in held:
            route.continue_()
    expect(page.get_by_text("not set up yet")).to_have_count(0)
