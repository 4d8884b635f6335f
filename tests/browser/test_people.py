"""People by the page: one's own account, everybody's rights, a queue's members, the audit log."""

import base64
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from audits.services.second_factor import STEP_SECONDS, code_at
from tests.browser.conftest import new_context
from tests.browser.reader import Reader
from tests.browser.stack import PASSWORD, USERNAME, Site
from tests.browser.test_accessible import check


@pytest.fixture(scope="module")
def bob(live_site: Site) -> str:
    live_site.manage("createsuperuser", "--noinput", "--username=bob", "--email=bob@localhost")
    return "bob"


@pytest.fixture
def door(browser: Browser, live_site: Site) -> Iterator[Page]:
    """A page at which nobody is signed in."""
    context = new_context(browser, live_site, None)
    yield context.new_page()
    context.close()


def sign_out(page: Page) -> None:
    page.locator("summary.who").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_label("User name")).to_be_visible()


def test_somebody_turns_on_a_second_factor_and_signs_in_by_it(bob: str, door: Page) -> None:
    reader = Reader(door)
    reader.sign_in(bob)
    door.locator("summary.who").click()
    door.get_by_role("link", name="Account").click()
    card = door.get_by_role("region", name="Second factor")
    card.get_by_label("Your password").fill(PASSWORD)
    card.get_by_role("button", name="Turn on").click()
    secret = base64.b32decode((card.locator(".secret").text_content() or "").replace(" ", ""))
    check(door)
    card.get_by_label("Code").fill(code_at(secret, int(time.time()) // STEP_SECONDS))
    card.get_by_role("button", name="Confirm").click()
    codes = card.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    check(door)
    recovery = codes.all_text_contents()
    card.get_by_role("button", name="I have kept them").click()
    expect(card).to_contain_text("It is on; 10 recovery codes left.")

    sign_out(door)
    reader.fill_credentials(bob)
    expect(door.get_by_role("alert")).to_contain_text("Give the code")
    check(door)
    door.get_by_label("Code of your app").fill("000000")
    door.get_by_role("button", name="Sign in").click()
    expect(door.get_by_role("alert")).to_contain_text("This code is wrong")
    door.get_by_label("Code of your app").fill(recovery[0])
    door.get_by_role("button", name="Sign in").click()
    expect(door.locator("summary.who")).to_be_visible()


def test_a_token_is_made_shown_once_and_revoked(page: Page) -> None:
    page.goto("/account")
    tokens = page.get_by_role("region", name="Tokens")
    tokens.get_by_label("Name of the new token").fill("nightly")
    tokens.get_by_role("button", name="Make a token").click()
    expect(tokens.locator(".secret")).to_contain_text("ovr_")
    row = tokens.get_by_role("row", name="nightly")
    expect(row).to_contain_text("Read")
    check(page)
    row.get_by_role("button", name="Revoke nightly").click()
    expect(row).to_contain_text("Revoked")
    page.reload()
    expect(row).to_contain_text("Revoked")
    expect(tokens.locator(".secret")).to_have_count(0)


def test_rights_are_given_and_taken(bob: str, page: Page) -> None:
    page.goto("/people")
    page.get_by_label("Find people").fill("bo")
    expect(page.get_by_role("row")).to_have_count(2)
    box = page.get_by_role("checkbox", name="bob: Curator")
    expect(box).not_to_be_checked()
    box.click()
    expect(box).to_be_checked()
    check(page)
    page.reload()
    expect(box).to_be_checked()
    box.click()
    expect(box).not_to_be_checked()


def test_a_lock_is_seen_and_lifted(bob: str, door: Page, page: Page) -> None:
    given = {"username": "bob", "password": "wrong"}
    answers = [door.request.post("/api/v1/auth/token", data=given).status for _ in range(11)]
    assert answers == [400] * 10 + [429]
    page.goto("/people")
    locks = page.get_by_role("region", name="Locked out")
    expect(locks).to_contain_text("bob")
    check(page)
    locks.get_by_role("button", name="Lift").click()
    expect(locks).to_have_count(0)
    assert door.request.post("/api/v1/auth/token", data=given).status == 400


def test_members_of_a_queue(bob: str, page: Page) -> None:
    page.goto("/queues")
    page.get_by_role("navigation", name="Queues").get_by_text("Open reading").click()
    members = page.get_by_role("region", name="Members")
    members.get_by_label("User name of a new member").fill("ghost")
    members.get_by_role("button", name="Add").click()
    expect(members).to_contain_text("Nobody of this name may sign in.")
    members.get_by_label("User name of a new member").fill(bob)
    members.get_by_label("Who").select_option("adjudicator")
    members.get_by_role("button", name="Add").click()
    remove = members.get_by_role("button", name="Remove bob, who adjudicates")
    expect(remove).to_be_visible()
    check(page)
    remove.click()
    expect(remove).to_have_count(0)


def test_the_log_is_narrowed_and_exported(page: Page) -> None:
    page.goto("/log")
    expect(page.get_by_text("sealed")).to_be_visible()
    page.get_by_label("Action, such as audit.done").fill("audit_log.exported")
    expect(page.get_by_text("No entry fits")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "audit-log.csv"
    page.reload()
    entry = page.get_by_role("row").filter(has_text="audit_log.exported")
    expect(entry).to_have_count(1)
    check(page)
    entry.get_by_role("button", name=USERNAME).click()
    expect(page.get_by_label("Who", exact=True)).to_have_value(USERNAME)
    expect(entry).to_have_count(1)


def test_somebody_signs_in_by_the_provider(door: Page) -> None:
    door.goto("/")
    check(door)
    door.get_by_role("link", name="Sign in by the hospital").click()
    door.locator("input[name=sub]").last.fill("pia@example.org")
    door.get_by_role("button", name="Authorize").last.click()
    expect(door.get_by_role("heading", name="Work list")).to_be_visible()

    sign_out(door)
    door.goto("/?sign_in=second_factor")
    expect(door.get_by_role("alert").last).to_contain_text("sign in by password")
    check(door)


def test_the_administration_is_behind_the_same_door(door: Page) -> None:
    door.goto("/admin/")
    Reader(door).fill_credentials()
    door.wait_for_url("**/admin/")
    expect(door.get_by_role("heading", name="Site administration")).to_be_visible()
