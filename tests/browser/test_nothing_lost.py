"""What a reader decides survives a lost network, a reload and a lease that ran out."""

import json

from playwright.sync_api import Page, Route, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader

DRAFT = "There is a pleural effusion. No pneumothorax."
DECISIONS = "**/api/v1/slots/*/decisions"


def verdicts(reader: Reader) -> list[str]:
    """What the server holds for the audit on the page, newest reads first."""
    [queue] = [each for each in reader.get("queues")["results"] if each["name"] == "Open reading"]
    token = reader.get("auth/session")["csrf_token"]
    answer = reader.page.request.post(
        f"/api/v1/queues/{queue['id']}/claim",
        data={"audit": reader.audit_id},
        headers={"X-CSRFToken": token, "Referer": reader.page.url},
    )
    decisions = answer.json()["slot"]["read"]["decisions"]
    return [each["verdict"] for each in decisions if not each["retracted"]]


def test_a_lost_network_keeps_decisions_until_it_is_back(reader: Reader, page: Page) -> None:
    reader.take(phantom(21, Label.PNEUMOTHORAX), DRAFT)
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    page.context.set_offline(True)
    reader.press("c")
    expect(page.get_by_text("Offline. 2 decisions kept on this computer")).to_be_visible()
    expect(reader.active_flag).to_contain_text("Confirmed")
    page.context.set_offline(False)
    expect(reader.saved).to_have_text("Saved")
    assert verdicts(reader) == ["confirmed", "confirmed"]


def test_a_reload_keeps_what_was_not_sent(reader: Reader, page: Page) -> None:
    reader.take(phantom(22, Label.PNEUMOTHORAX), DRAFT)
    page.route(DECISIONS, lambda route: route.abort())
    reader.press("c")
    expect(reader.saved).to_have_text("Offline, 2 kept here")
    page.reload()
    expect(reader.active_flag).to_contain_text("Confirmed")
    expect(reader.saved).to_have_text("Offline, 2 kept here")
    page.unroute(DECISIONS)
    expect(reader.saved).to_have_text("Saved")
    assert verdicts(reader) == ["confirmed", "confirmed"]


def test_an_item_whose_time_ran_out_is_taken_back(reader: Reader, page: Page) -> None:
    reader.take(phantom(23, Label.PNEUMOTHORAX), DRAFT)

    def too_late(route: Route) -> None:
        error = {"code": "lease_expired", "message": "Your time ran out.", "fields": {}}
        route.fulfill(status=409, json={"error": error})

    page.route(DECISIONS, too_late)
    reader.press("c")
    expect(page.get_by_text("Your time on this item ran out")).to_be_visible()
    expect(
        page.get_by_text("2 decisions kept as a draft. Nobody else has taken it.")
    ).to_be_visible()
    page.unroute(DECISIONS)
    page.get_by_role("button", name="Take it back").click()
    expect(reader.saved).to_have_text("Saved")
    assert verdicts(reader) == ["confirmed", "confirmed"]


def test_undo_takes_back_both_answers_of_a_card(reader: Reader, page: Page) -> None:
    reader.take(phantom(24, Label.PNEUMOTHORAX), DRAFT)
    reader.press("c")
    expect(reader.flags).to_contain_text("Confirmed")
    reader.press("z")
    expect(page.get_by_role("button", name="3 flags left to decide")).to_be_visible()
    expect(reader.saved).to_have_text("Saved")
    assert verdicts(reader) == []


def test_a_session_that_ended_is_signed_in_again_on_the_item(reader: Reader, page: Page) -> None:
    reader.take(phantom(25, Label.PNEUMOTHORAX), DRAFT)
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    page.context.clear_cookies()
    reader.press("c")
    expect(page.get_by_text("Sign in again to go on")).to_be_visible()
    page.get_by_role("button", name="Sign in").click()
    reader.fill_credentials()
    expect(reader.saved).to_have_text("Saved")
    expect(reader.active_flag).to_contain_text("Confirmed")
    assert verdicts(reader) == ["confirmed", "confirmed"]


def test_a_refused_answer_is_said_and_not_counted(reader: Reader, page: Page) -> None:
    reader.take(phantom(26, Label.PNEUMOTHORAX), DRAFT)

    def refuse(route: Route) -> None:
        error = {"code": "invalid", "message": "This flag is gone.", "fields": {}}
        route.fulfill(status=400, body=json.dumps({"error": error}))

    page.route(DECISIONS, refuse)
    reader.press("c")
    expect(page.get_by_text("An answer was refused and is not counted")).to_be_visible()
    expect(page.get_by_role("button", name="3 flags left to decide")).to_be_visible()
