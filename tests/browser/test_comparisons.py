"""Two versions compared by the page: every answer first, then the figures, then the cases."""

from playwright.sync_api import Page, expect

from tests.browser.reader import Reader
from tests.browser.stack import Site
from tests.browser.test_accessible import check

SETTLED = """
from audits.models import ReviewItem
from tests.audits.reviewing import make_audit, make_queue
from tests.audits.test_comparisons import audited, settle, version
old, new = version("old"), version("new")
audits = [make_audit(flags=(), patient=f"compared {number}") for number in range(6)]
queue = make_queue(*audits)
queue.name = "Settled for comparison"
queue.save()
for number, audit in enumerate(audits):
    settle(ReviewItem.objects.get(audit=audit), true=number % 2 == 0)
    audited(audit.draft, old, sees=False)
    if number:
        audited(audit.draft, new, sees=number % 2 == 0)
"""


def test_two_versions_are_compared_and_a_missing_answer_turns_the_page_red(
    reader: Reader, page: Page, live_site: Site
) -> None:
    live_site.manage("shell", "-c", SETTLED)
    page.goto("/comparisons")
    expect(page.get_by_text("Nothing compared yet")).to_be_visible()
    check(page)
    reader.press("a")
    form = page.get_by_role("form", name="New comparison")
    versions = {
        model["version"]: model["id"]
        for model in reader.get("models")["results"]
        if model["version"] in ("old", "new")
    }
    form.get_by_label("A, as it is").select_option(versions["old"])
    form.get_by_label("B, against it").select_option(versions["new"])
    expect(form.get_by_role("button", name="Compare")).to_be_disabled()
    form.get_by_label("Of a queue").select_option(label="Settled for comparison")
    check(page)
    form.get_by_role("button", name="Compare").click()

    expect(page.get_by_role("alert")).to_contain_text("B left 1 of 6 cases without a usable answer")
    account = page.get_by_role("region", name="Every answer accounted for")
    expect(account.get_by_role("row").nth(2).get_by_role("cell").nth(4)).to_have_text("1")
    figures = page.get_by_role("region", name="Figures")
    expect(figures.get_by_role("row").filter(has_text="Presence F1")).to_contain_text("+")
    cases = page.get_by_role("region", name="Where they differ")
    expect(cases).to_contain_text("B gave no usable answer.")
    expect(cases).to_contain_text("Pleural effusion is there: B says so, A does not.")
    check(page)

    promote = page.get_by_role("form", name="Promote B")
    expect(promote.get_by_role("button")).to_be_disabled()
    promote.get_by_label("Reason").fill("It sees effusions.")
    promote.get_by_role("button").click()
    expect(page.get_by_text("is the current version of")).to_be_visible()
    assert reader.get("promotions")["results"][0]["reason"] == "It sees effusions."

    cases.get_by_role("link", name="A").first.click()
    page.wait_for_url("**/audits/*")
    page.goto("/comparisons")
    expect(page.get_by_role("navigation", name="Comparisons")).to_contain_text("answers missing")
