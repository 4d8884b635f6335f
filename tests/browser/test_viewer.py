"""The viewer: full depth when it is asked for, the ruler, the prior, what is loaded ahead."""

import re
import secrets
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect

from bootstrap.processes import wait_until
from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import DEADLINE_SECONDS, USERNAME, Site
from tests.browser.test_accessible import check
from tests.browser.test_adjudications import client_of, sent
from tests.browser.test_nothing_lost import DRAFT
from tests.browser.test_shift import submit
from tests.inference.radiographs import radiograph

SIDE = 400
SPACING = [0.2, 0.1]
"""mm from row to row and from column to column."""

GRAYS = """() => {
  const canvas = document.querySelector("canvas[role=img]");
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at]);
}"""


def posted(site: Site, image: bytes, name: str, **fields: str) -> dict[str, Any]:
    """A case whose audit has ended: until then its page is another one."""
    client = client_of(site, USERNAME)
    answer = client.post(
        "cases", data=fields, files={"image": (name, image, "application/octet-stream")}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    address = f"audits/{made['audit']['id']}"

    def has_ended() -> bool:
        return client.get(address).json()["state"] == "done"

    assert wait_until(has_ended, DEADLINE_SECONDS, every=0.2)
    return made


def new_source(site: Site) -> str:
    slug = f"viewer-{secrets.token_hex(3)}"
    sent(client_of(site, USERNAME), "sources", {"slug": slug, "name": f"Phantoms of {slug}"})
    return slug


def asked(page: Page, end: str) -> list[str]:
    """Addresses that are asked for from now on and end like this."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith(end):
            addresses.append(request.url)

    page.on("request", note)
    return addresses


def shown_grays(page: Page) -> np.ndarray[Any, Any]:
    return np.array(page.evaluate(GRAYS), float)


@pytest.fixture
def deep(live_site: Site) -> str:
    """A radiograph of 12 bits that tells its spacing and lies the wrong way round."""
    rows = np.linspace(300, 3600, SIDE)[:, None] + np.linspace(0, 400, SIDE)[None, :]
    rows[:20, :20] = np.random.default_rng(5).integers(0, 4000, (20, 20))
    file = radiograph(
        rows.astype(np.uint16), ImagerPixelSpacing=SPACING, PatientOrientation=["R", "F"]
    )
    return str(posted(live_site, file, "deep.dcm", draft="", view="PA")["audit"]["id"])


def test_full_depth_comes_with_the_first_window_and_looks_as_the_preview_did(
    page: Page, deep: str
) -> None:
    deeper = asked(page, "/pixels")
    page.goto(f"/audits/{deep}")
    image = page.get_by_role("img", name="Chest X-ray")
    expect(image).to_be_visible()
    expect(page.get_by_text("8-bit preview")).to_be_visible()
    page.keyboard.press("+")
    page.keyboard.press("f")
    before = shown_grays(page)
    assert deeper == []
    page.keyboard.press("q")
    expect(page.get_by_text("16-bit, full depth")).to_be_visible()
    assert len(deeper) == 1
    lung = shown_grays(page)
    assert np.abs(lung - before).mean() > 10
    for _ in range(3):  # through the presets, to the whole range again
        page.keyboard.press("q")
    after = shown_grays(page)
    assert np.abs(after - before).mean() < 1.5


def test_the_ruler_measures_by_the_spacing_of_the_file(page: Page, deep: str) -> None:
    page.goto(f"/audits/{deep}")
    expect(page.get_by_text("mm at the detector")).to_be_visible()
    expect(page.get_by_text("Mirrored: the patient’s right is on the right")).to_be_visible()
    page.keyboard.press("m")
    # A fifth of the picture and one step of 0.004 more, along a row.
    page.keyboard.press("ArrowRight")
    along = (0.2 + 0.004) * SIDE * SPACING[1]
    expect(page.get_by_role("img", name=f"Ruler, {along:.1f} mm")).to_be_visible()
    image = page.get_by_role("img", name="Chest X-ray").bounding_box()
    assert image
    x, y = image["x"] + image["width"] / 2, image["y"] + image["height"] / 2
    page.mouse.move(x, y - 100)
    page.mouse.down()
    page.mouse.move(x, y + 100, steps=3)
    page.mouse.up()
    readout = page.get_by_text("Fit ").inner_text()
    down = 200 / float(readout.removeprefix("Fit ").removesuffix("×")) * SPACING[0]
    words = page.get_by_role("img", name="Ruler").get_attribute("aria-label") or ""
    measured = float(words.removeprefix("Ruler, ").removesuffix(" mm"))
    assert measured == pytest.approx(down, rel=0.01)
    page.keyboard.press("m")
    expect(page.get_by_role("img", name="Ruler")).to_have_count(0)


def test_an_8_bit_image_asks_for_nothing_more_and_measures_in_pixels(
    reader: Reader, page: Page
) -> None:
    deeper = asked(page, "/pixels")
    reader.take(phantom(120, Label.PNEUMOTHORAX), DRAFT)
    reader.press("q", "m", "ArrowRight")
    expect(page.get_by_text("W 150 L 88")).to_be_visible()
    expect(page.get_by_role("img", name="Ruler, 104 px")).to_be_visible()
    expect(page.get_by_text("8-bit", exact=True)).to_be_visible()
    assert deeper == []


def test_the_prior_stands_beside_with_its_draft_and_moves_along(
    reader: Reader, page: Page, live_site: Site
) -> None:
    study = {"source": new_source(live_site), "patient": "p", "view": "PA"}
    posted(live_site, phantom(121, size=640), "1.png", draft="Old granuloma, unchanged.", **study)
    now = phantom(122, Label.PNEUMOTHORAX)
    audit = posted(live_site, now, "2.png", draft=DRAFT, **study)["audit"]
    page.goto(f"/audits/{audit['id']}")
    expect(page.get_by_role("button", name="Prior beside")).to_be_visible()
    reader.press("p")
    prior = page.get_by_role("img", name="the prior study")
    expect(prior).to_be_visible()
    expect(page.get_by_text("Old granuloma, unchanged.")).to_be_visible()
    grays = """image => {
      const { data } = image.getContext("2d").getImageData(0, 0, image.width, image.height);
      return data.reduce((sum, value) => sum + value, 0);
    }"""
    fitted = prior.evaluate(grays)
    reader.press("+", "+")
    # Zoomed in on the current one, so on this one: it fills more of its pane.
    assert prior.evaluate(grays) > fitted
    check(page)
    reader.press("p")
    expect(prior).to_have_count(0)


BOTH_WAYS = """async (url) => {
  const file = await (await fetch(url)).arrayBuffer();
  const pixels = (drawn) => {
    const canvas = new OffscreenCanvas(drawn.width, drawn.height);
    const context = canvas.getContext("2d");
    context.drawImage(drawn, 0, 0);
    return context.getImageData(0, 0, drawn.width, drawn.height).data;
  };
  const decoder = new ImageDecoder({ data: file.slice(0), type: "image/png" });
  const { image } = await decoder.decode();
  const one = pixels(await createImageBitmap(image));
  const other = pixels(await createImageBitmap(new Blob([file])));
  return [one.length, one.filter((value, at) => value !== other[at]).length];
}"""


def test_the_quick_decoder_gives_the_pixels_of_the_other(reader: Reader, page: Page) -> None:
    reader.take(phantom(125, Label.PNEUMOTHORAX), DRAFT)
    image = reader.get(f"audits/{reader.audit_id}")["case"]["image_url"]
    values, differing = page.evaluate(BOTH_WAYS, image)
    assert values > 0 and differing == 0


def test_layers_and_a_note_are_kept_with_the_answer(reader: Reader, page: Page) -> None:
    # A draft of its own: the same one again would be the audit that a run before has answered.
    reader.take(phantom(123, Label.PNEUMOTHORAX), f"{DRAFT} Number {secrets.token_hex(3)}.")
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    reader.press("c")
    layers = page.get_by_role("button", name="Finding There.")
    expect(layers).to_have_accessible_name(re.compile("Box Right. Draft Read right."))
    reader.press("b", "2")
    expect(layers).to_have_accessible_name(re.compile("Box Wrong. Draft Read right."))
    reader.press("n")
    page.keyboard.type("Runs past the chest wall: c, d and 1 are no keys here.")
    reader.press("Enter")
    expect(reader.active_flag).to_contain_text("Runs past the chest wall")
    check(page)
    expect(reader.saved).to_have_text("Saved")
    page.reload()
    expect(reader.active_flag).to_contain_text("Runs past the chest wall")
    expect(layers).to_have_accessible_name(re.compile("Box Wrong. Draft Read right."))


def test_the_next_case_is_there_before_it_is_asked_for(
    reader: Reader, page: Page, live_site: Site
) -> None:
    ana, source = client_of(live_site, USERNAME), new_source(live_site)
    rules = {"filter": {"source": source}, "takes_done_audits": True}
    queue = sent(ana, "queues", {"name": f"Ahead of {source}", **rules})["id"]
    for seed in range(3):
        image = phantom(124 + seed, Label.PNEUMOTHORAX)
        posted(live_site, image, "p.png", draft="No pneumothorax.", source=source)

    def is_filled() -> bool:
        return bool(ana.get(f"queues/{queue}").json()["counts"]["items"] == 3)

    assert wait_until(is_filled, DEADLINE_SECONDS, every=0.2)
    ahead = f"queues/{queue}/next"
    first = ana.get(ahead).json()["results"][0]["audit"]
    page.goto(f"/audits/{first}?queue={queue}")
    expect(reader.active_flag).to_contain_text("Pneumothorax")
    page.wait_for_load_state("networkidle")
    [following, *_] = reader.get(ahead)["results"]
    images, claims = asked(page, "/image"), asked(page, "/claim")
    reader.press("c", "t")
    submit(reader)
    page.wait_for_url(f"**/audits/{following['audit']}?queue={queue}")
    expect(reader.active_flag).to_contain_text("URGENT")
    expect(page.get_by_role("img", name="Chest X-ray")).to_be_visible()
    expect(page.get_by_text("Yours for")).to_be_visible()
    assert (images, claims) == ([], [])
