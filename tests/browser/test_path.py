"""The whole path in a browser: from an image and a draft to a release that holds the decision."""

import json
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader

DRAFT = (
    "FINDINGS: 🫁 No pneumothorax. There is a pleural effusion on the left. "
    "Heart size is normal.\nIMPRESSION: No acute abnormality."
)


def test_from_upload_to_release(reader: Reader, page: Page, tmp_path: Path) -> None:
    reader.take(phantom(11, Label.PNEUMOTHORAX), DRAFT)

    # One card for URGENT and MISSING of pneumothorax, one for the effusion nobody sees.
    expect(reader.active_flag).to_contain_text("URGENT not reported")
    expect(reader.active_flag).to_contain_text("MISSING denied")
    expect(reader.active_flag).to_contain_text("The draft says “🫁 No pneumothorax”")
    expect(reader.flags).to_contain_text("UNSUPPORTED nothing found on the image")
    expect(page.get_by_role("button", name="Box 1, Pneumothorax")).to_be_visible()
    expect(page.get_by_role("button", name="Phrase of flag 1: pneumothorax")).to_be_visible()
    submit = page.get_by_role("button", name="3 flags left to decide")
    expect(submit).to_be_disabled()

    reader.press("c")
    expect(reader.active_flag).to_contain_text("Confirmed")
    reader.press("j", "d", "2")
    expect(reader.flags).to_contain_text("Dismissed, draft was misread")
    expect(page.get_by_role("button", name="Attest that nothing else was missed")).to_be_disabled()
    reader.press("t")
    expect(page.get_by_role("button", name="Submit and next")).to_be_enabled()
    expect(reader.saved).to_have_text("Saved")
    audit = reader.audit_id
    flags = {flag["id"]: flag["kind"] for flag in reader.get(f"audits/{audit}")["flags"]}
    page.get_by_role("button", name="Submit and next").click()
    page.wait_for_url(lambda url: audit not in url)

    page.goto("/releases")
    page.get_by_role("button", name="Make a release").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download ZIP").click()
    archive = tmp_path / "release.zip"
    download.value.save_as(archive)
    released = decisions_in(archive)
    ours = [each for each in released if each["flag"] in flags]
    said = {flags[each["flag"]]: (each["verdict"], each["reason"]) for each in ours}
    assert said == {
        "URGENT": ("confirmed", None),
        "MISSING": ("confirmed", None),
        "UNSUPPORTED": ("dismissed", "draft_misread"),
    }


def decisions_in(archive: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(archive) as files:
        names = [name for name in files.namelist() if name.startswith("jsonl/decisions/")]
        return [json.loads(line) for name in names for line in files.read(name).splitlines()]


def test_a_file_that_is_no_image_is_refused_at_its_field(reader: Reader, page: Page) -> None:
    page.goto("/new")
    file = {"name": "report.png", "mimeType": "image/png", "buffer": b"Heart size normal."}
    page.get_by_label("Image file").set_input_files(files=[file])
    page.get_by_role("button", name="Audit", exact=True).click()
    wrong = page.get_by_role("region", name="Image").get_by_role("alert")
    expect(wrong).to_contain_text("image")
    expect(page).to_have_url("/new")


def test_a_failed_audit_says_so_and_shows_no_score(reader: Reader, page: Page) -> None:
    reader.audit(phantom(12, fails=True), "No pneumothorax. Cardiomegaly.")
    expect(page.get_by_text("Image not audited. Nothing was compared")).to_be_visible()
    expect(page.get_by_text("The model ran out of memory.")).to_be_visible()
    expect(page.get_by_text("No pneumothorax")).to_be_visible()
    expect(page.get_by_text("No flags on this audit")).to_have_count(0)
    expect(page.get_by_text("score", exact=False)).to_have_count(0)

    own = f"[href$='{reader.audit_id}']"
    page.goto("/?state=failed")
    row = page.get_by_role("row").filter(has=page.locator(own))
    expect(row).to_contain_text("The model ran out of memory.")
    expect(row).to_contain_text("Failed")
    expect(row.get_by_role("button", name="Retry")).to_be_visible()
