"""Boxes by keyboard and mouse: edited, drawn where the auditor saw nothing, and added."""

import pytest
from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.test_accessible import check
from tests.browser.test_nothing_lost import DRAFT


def decision_sent(page: Page, *keys: str) -> dict[str, object]:
    """The first decision that pressing these keys sends."""
    with page.expect_request("**/decisions") as sent:
        for key in keys:
            page.keyboard.press(key)
    return dict(sent.value.post_data_json)


def test_a_box_edited_by_keyboard_is_confirmed_modified(reader: Reader, page: Page) -> None:
    reader.take(phantom(31, Label.PNEUMOTHORAX), DRAFT)
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    flags = reader.get(f"audits/{reader.audit_id}")["flags"]
    [[y0, x0, y1, x1]] = next(flag["boxes"] for flag in flags if flag["kind"] == "URGENT")
    decision = decision_sent(page, "e", "ArrowDown", "Shift+ArrowRight", "e")
    assert decision["verdict"] == "confirmed_modified"
    [top, left, bottom, right] = decision["box"]
    assert top > y0
    assert bottom - top == pytest.approx(y1 - y0)
    assert left == x0
    assert right > x1
    expect(reader.active_flag).to_contain_text("Confirmed, box edited")


def test_escape_gives_the_models_box_back(reader: Reader, page: Page) -> None:
    reader.take(phantom(32, Label.PNEUMOTHORAX), DRAFT)
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    reader.press("e", "ArrowDown")
    expect(page.get_by_role("button", name="Keep this box")).to_be_visible()
    reader.press("Escape")
    expect(page.get_by_role("button", name="Keep this box")).to_have_count(0)
    expect(page.get_by_role("button", name="3 flags left to decide")).to_be_visible()


def test_a_missed_finding_is_drawn_with_the_mouse(reader: Reader, page: Page) -> None:
    reader.take(phantom(33), "Lungs clear.")
    expect(page.get_by_text("No flags on this audit")).to_be_visible()
    reader.press("a", "4")
    image = page.get_by_role("img", name="Chest X-ray").bounding_box()
    assert image
    at_x, at_y = image["x"] + image["width"] / 2, image["y"] + image["height"] / 2
    page.mouse.move(at_x, at_y)
    page.mouse.down()
    page.mouse.move(at_x + 80, at_y + 60)
    page.mouse.up()
    with page.expect_request("**/missed-findings") as sent:
        reader.press("e")
    assert sent.value.post_data_json["label"] == "nodule_mass"
    expect(reader.flags).to_contain_text("added by you")
    # A missed finding is an answer to "anything else?", so that nothing needs to be attested.
    expect(page.get_by_role("button", name="Submit and next")).to_be_enabled()


def test_a_missed_finding_takes_a_note(reader: Reader, page: Page) -> None:
    reader.take(phantom(35), "Lungs clear.")
    expect(page.get_by_text("No flags on this audit")).to_be_visible()
    reader.press("a", "4", "ArrowDown", "n")
    page.keyboard.type("Behind the heart: e and d are no keys here.")
    reader.press("Enter")
    mine = page.get_by_role("region", name="Nodule or mass, added by you")
    expect(mine).to_contain_text("Behind the heart: e and d are no keys here.")
    expect(reader.saved).to_have_text("Saved")
    page.reload()
    expect(mine).to_contain_text("Behind the heart")
    check(page)
    # What was said last is taken back first: the note, then the finding.
    reader.press("z")
    expect(mine).not_to_contain_text("Behind the heart")
    mine.get_by_role("button", name="Note").click()
    page.keyboard.type("Near the hilum.")
    reader.press("Enter")
    expect(mine).to_contain_text("Near the hilum.")
    reader.press("z", "z")
    expect(mine).to_have_count(0)
    expect(page.get_by_role("button", name="Attest that nothing else was missed")).to_be_disabled()


def test_a_box_where_nothing_was_found_says_it_is_on_the_image(reader: Reader, page: Page) -> None:
    reader.take(phantom(34), "There is a pleural effusion.")
    expect(reader.active_flag).to_contain_text("UNSUPPORTED")
    decision = decision_sent(page, "e", "ArrowDown", "e")
    assert (decision["verdict"], decision["reason"]) == ("dismissed", "on_image")
    assert decision["box"] is not None
