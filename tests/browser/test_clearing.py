"""The clearing page: a curator looks at what may name somebody, and lets it go or not."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, expect

from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.test_accessible import check

LINE = "PORTABLE AP SUPINE"


def with_a_line(image: bytes) -> bytes:
    """The picture with a line of letters under its top, clear of the phantom's own marks."""
    page = Image.fromarray(np.asarray(Image.open(io.BytesIO(image))).copy())
    ImageDraw.Draw(page).text((12, 12), LINE, fill=255, font=ImageFont.load_default(14))
    file = io.BytesIO()
    page.save(file, "PNG")
    return file.getvalue()


def test_a_picture_and_a_draft_are_cleared(reader: Reader, page: Page) -> None:
    reader.take(with_a_line(phantom(61)), "Seen by Dr. Smith on 03/14/2024. Heart is normal.")
    case = reader.get(f"audits/{reader.audit_id}")["case"]
    assert case["burned_in"] == "suspected"

    page.goto("/clearing")
    pictures = page.get_by_role("region", name="Pictures").get_by_label(f"Case {case['code']}")
    drafts = page.get_by_role("region", name="Drafts").get_by_label(f"Case {case['code']}")
    expect(pictures).to_contain_text("Something looks like text")
    expect(drafts).to_contain_text("Seen by Dr. [name] on [date].")
    expect(drafts).to_contain_text("1 date, 1 name")

    pictures.get_by_role("button", name="It names nobody").click()
    expect(pictures).to_have_count(0)
    ids = page.get_by_role("article").evaluate_all("items => items.map(item => item.ariaLabel)")
    reader.press(*["k"] * len(ids), *["j"] * ids.index(f"Case {case['code']}"))
    expect(drafts).to_have_attribute("aria-current", "true")
    reader.press("c")
    expect(drafts).to_have_count(0)
    stored = reader.get(f"cases/{case['id']}")
    assert stored["burned_in"] == "cleared"
    assert [draft["scrub_state"] for draft in stored["drafts"]] == ["cleared"]


def test_a_case_that_names_somebody_is_withdrawn_when_asked_twice(
    reader: Reader, page: Page
) -> None:
    reader.take(with_a_line(phantom(62)), "Heart is normal.")
    case = reader.get(f"audits/{reader.audit_id}")["case"]
    page.goto("/clearing")
    check(page)
    item = page.get_by_role("region", name="Pictures").get_by_label(f"Case {case['code']}")
    item.get_by_role("button", name="It names somebody").click()
    item.get_by_role("button", name="Withdraw for good?").click()
    expect(item).to_have_count(0)
    assert page.request.get(f"/api/v1/cases/{case['id']}").status == 404
    withdrawn = {row["id"]: row["reason"] for row in reader.get("withdrawals")["results"]}
    assert withdrawn[case["id"]] == "identity_found"
