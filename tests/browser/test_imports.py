"""Many cases at once by the page: upload, check, see what is wrong, import what is good."""

import io
import zipfile

from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.test_accessible import check

DRAFT = "Heart size is normal. No pneumothorax."


def pairs() -> bytes:
    """A ZIP of two good pairs, and of one image that is none."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, image in {
            "a": phantom(71, Label.CARDIOMEGALY),
            "b": phantom(72),
            "c": b"no image at all",
        }.items():
            archive.writestr(f"{name}.png", image)
            archive.writestr(f"{name}.txt", DRAFT)
    return buffer.getvalue()


def test_a_zip_is_checked_then_imported(reader: Reader, page: Page) -> None:
    page.goto("/imports")
    form = page.get_by_role("form", name="New import")
    form.get_by_label("Source").select_option("phantom")
    file = {"name": "pairs.zip", "mimeType": "application/zip", "buffer": pairs()}
    form.get_by_label("ZIP").set_input_files(files=[file])
    form.get_by_role("button", name="Upload and check").click()

    go = page.get_by_role("button", name="Import 2 good rows")
    expect(go).to_be_enabled()
    failed = page.get_by_role("region", name="Rows that failed")
    expect(failed).to_contain_text("1 row failed")
    expect(failed.get_by_role("row")).to_have_count(2)
    with page.expect_download() as download:
        failed.get_by_role("link", name="errors.csv").click()
    assert "failed" in download.value.path().read_text()
    check(page)

    go.click()
    expect(page.get_by_role("progressbar", name="Done")).to_be_visible()
    counts = reader.get(f"imports/{page.url.rsplit('/', 1)[1]}")["counts"]
    assert (counts["created"], counts["failed"]) == (2, 1)


def test_an_upload_that_broke_goes_on_with_the_same_file(reader: Reader, page: Page) -> None:
    page.route("**/imports/*/content", lambda route: route.abort())
    page.goto("/imports")
    form = page.get_by_role("form", name="New import")
    form.get_by_label("Source").select_option("phantom")
    file = {"name": "pairs.zip", "mimeType": "application/zip", "buffer": pairs()}
    form.get_by_label("ZIP").set_input_files(files=[file])
    form.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("The upload stopped")).to_be_visible()

    page.unroute("**/imports/*/content")
    page.reload()
    page.get_by_label("Choose the same ZIP to go on").set_input_files(files=[file])
    expect(page.get_by_role("progressbar", name="Checked")).to_be_visible()
    page.get_by_role("button", name="Cancel this import").click()
    expect(page.get_by_role("progressbar", name="Cancelled")).to_be_visible()
