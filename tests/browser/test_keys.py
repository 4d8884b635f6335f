"""Keys of one's own, chosen by keyboard on the sheet that ? opens."""

from playwright.sync_api import Page, expect

from tests.browser.reader import Reader
from tests.browser.test_accessible import check


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
