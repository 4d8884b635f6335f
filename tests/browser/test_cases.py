"""One case with its history: its audits and drafts, a new draft, and its end."""

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.test_accessible import check


def test_a_case_gets_a_draft_and_is_withdrawn(reader: Reader, page: Page) -> None:
    reader.take(phantom(91, Label.CARDIOMEGALY), "Cardiomegaly.")
    audit = reader.get(f"audits/{reader.audit_id}")
    case, code = audit["case"]["id"], audit["case"]["code"]
    page.get_by_role("link", name=code).click()
    page.wait_for_url(f"**/cases/{case}")
    expect(page.get_by_role("heading", name=code)).to_be_visible()
    rows = page.get_by_role("region", name="Audits").locator("tbody").get_by_role("row")
    expect(rows).to_have_count(1)
    expect(page.get_by_role("region", name="Settled")).to_contain_text("Nothing is settled")
    check(page)

    reader.press("a")
    page.keyboard.type("No cardiomegaly.")
    page.get_by_role("button", name="Audit it").click()
    drafts = page.get_by_role("region", name="Drafts").get_by_role("listitem")
    expect(drafts).to_have_count(2)
    expect(drafts.first).to_contain_text("Version 2")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Cardiomegaly, denied")

    end = page.get_by_role("region", name="Withdraw")
    end.get_by_role("button", name="Withdraw this case").click()
    expect(end.get_by_role("button", name=f"Withdraw {code} for good")).to_be_disabled()
    end.get_by_label("Reason").select_option("patient_request")
    check(page)
    end.get_by_role("button", name=f"Withdraw {code} for good").click()
    expect(page.get_by_role("heading", name="Work list")).to_be_visible()
    page.goto(f"/cases/{case}")
    expect(page.get_by_text("The case could not be loaded")).to_be_visible()
