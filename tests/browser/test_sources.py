"""A source by the page: made by a curator, its switches changed, seen by all."""

import secrets

from playwright.sync_api import Page, expect

from tests.browser.reader import Reader


def test_a_source_is_made_and_what_may_leave_is_changed(reader: Reader, page: Page) -> None:
    slug = f"clinic-{secrets.token_hex(3)}"
    page.goto("/sources")
    expect(page.get_by_role("link", name="New source A")).to_be_visible()
    reader.press("a")
    form = page.get_by_role("form", name="New source")
    form.get_by_label("Short name").fill("Not a short name")
    form.get_by_label("Name", exact=True).fill(f"Clinic {slug}")
    form.get_by_label("Licence").fill("CC-BY-4.0")
    form.get_by_role("checkbox", name="Boxes").check()
    form.get_by_role("button", name="Make the source").click()
    expect(form.get_by_text("Small letters, digits and single hyphens.").first).to_be_visible()
    form.get_by_label("Short name").fill(slug)
    form.get_by_role("button", name="Make the source").click()

    expect(page.get_by_role("heading", name=f"Clinic {slug}")).to_be_visible()
    leaves = page.get_by_role("region", name="What may leave")
    expect(leaves.get_by_role("listitem").filter(has_text="Boxes")).to_contain_text("Yes")
    expect(leaves.get_by_role("listitem").filter(has_text="Images")).to_contain_text("No.")
    reader.press("e")
    page.get_by_role("form", name="Change source").get_by_role("checkbox", name="Text").check()
    page.get_by_role("button", name="Save").click()
    expect(leaves.get_by_role("listitem").filter(has_text="Text")).to_contain_text("Yes")
    [source] = [each for each in reader.get("sources?limit=200")["results"] if each["slug"] == slug]
    assert source["boxes_redistributable"] and source["text_redistributable"]
    assert not source["pixels_redistributable"]


def test_filters_are_kept_as_a_view(reader: Reader, page: Page) -> None:
    page.goto("/?state=failed&kind=URGENT")
    page.get_by_role("button", name="Save view").click()
    page.get_by_label("Name of this view").fill("Urgent, failed")
    reader.press("Enter")
    view = page.get_by_role("combobox", name="View")
    expect(view).to_have_value("Urgent, failed")
    page.goto("/")
    expect(view).to_have_value("")
    view.select_option("Urgent, failed")
    expect(page).to_have_url("/?kind=URGENT&state=failed")
    page.get_by_role("button", name="Forget view").click()
    expect(view).to_have_count(0)
