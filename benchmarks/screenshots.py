"""Draws the pages for the docs: phantoms only, dark and light, at 1440 and 1024.

The whole platform on this machine with made-up people and phantoms, read and adjudicated over the
API; then real Chromium. Not a measurement: it stands here because it needs what `bench-page` needs.

    python -m benchmarks.screenshots             into docs/images/pages, with docs/screens.md
    python -m benchmarks.screenshots --only case
"""

import argparse
import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from benchmarks.page import chromium, platform
from bootstrap.layout import ROOT
from bootstrap.processes import wait_until
from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import PASSWORD, USERNAME, Site
from tests.browser.test_adjudications import client_of, read, sent
from tests.browser.test_comparisons import SETTLED

PICTURES = ROOT / "docs" / "images" / "pages"
INDEX = ROOT / "docs" / "screens.md"
SIZES = {1440: 900, 1024: 768}
THEMES = ("dark", "light")
QUALITY = 82
PATIENCE_SECONDS = 120

PEOPLE = f"""
from audits.models import Queue, QueueMembership, User
for name in ("ben", "cleo", "jo", "nora"):
    User.objects.create_user(name, password={PASSWORD!r})
for queue in Queue.objects.all():
    QueueMembership.objects.create(
        queue=queue, user=User.objects.get(username="jo"), role=QueueMembership.Role.ADJUDICATOR
    )
"""
DRAFTS = (
    ((Label.PNEUMOTHORAX,), "No pneumothorax. Heart size is normal. Lungs are clear."),
    ((Label.PLEURAL_EFFUSION,), "Small left pleural effusion. No pneumothorax."),
    ((Label.CARDIOMEGALY,), "The heart is mildly enlarged. There is a nodule in the right lung."),
    ((), "Clear lungs. Normal heart size. No effusion or pneumothorax."),
    ((Label.NODULE_MASS,), "No focal consolidation. No pleural effusion. Cardiomegaly."),
    ((Label.LUNG_OPACITY_CONSOLIDATION,), "Patchy opacity in the left lower zone."),
    ((Label.PLEURAL_EFFUSION, Label.CARDIOMEGALY), "Cardiomegaly with clear lungs."),
    ((Label.PNEUMOTHORAX,), "Lungs are clear. No acute finding."),
)


@dataclass(frozen=True)
class Shown:
    """What the pages show: ids to open them by."""

    case: str
    audit: str
    queue: str
    batch: str
    release: str
    comparison: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="the pages whose name holds this")
    parser.add_argument("--out", type=Path, default=PICTURES)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with platform() as site, chromium() as browser:
        shown = populated(site)
        for name in SCREENS:
            if args.only in name:
                draw(browser, site, shown, name, args.out)
    if not args.only:
        INDEX.write_text(index())


def populated(site: Site) -> Shown:
    """A small site at work: reads done, one dispute settled and others open, a failed audit."""
    ana = client_of(site, USERNAME)
    for slug, name in (("teaching", "Teaching phantoms"), ("blind", "Phantoms read blind")):
        sent(ana, "sources", {"slug": slug, "name": name, **OPEN_TERMS})
    audits = [stored(ana, seed, *each) for seed, each in enumerate(DRAFTS, start=200)]
    for seed in (230, 231):
        stored(ana, seed, *DRAFTS[0], source="blind")
    failing = {"image": ("phantom.png", phantom(220, fails=True), "image/png")}
    ana.post("cases", data={"draft": "No effusion.", "source": "teaching"}, files=failing)
    wait_until(lambda: settled(ana), PATIENCE_SECONDS)
    queue = queue_of(ana, "Second reads", reads_per_item=2, guideline="Call what you would report.")
    queue_of(ana, "Image first", source="blind", mode="blind_first")
    site.manage("shell", "-c", PEOPLE)
    ben, cleo = (client_of(site, name) for name in ("ben", "cleo"))
    for turn in range(4):
        read(ben, queue, "confirmed", None)
        verdict = ("confirmed", None) if turn % 2 else ("dismissed", "duplicate")
        read(cleo, queue, *verdict)
    site.manage("shell", "-c", SETTLED)
    case = ana.get(f"audits/{audits[0]}").json()["case"]["id"]
    sent(ana, f"cases/{case}/audits", {"draft": "Right apical pneumothorax. Heart is normal."})
    return Shown(
        case=case,
        audit=audits[0],
        queue=queue,
        batch=sent(ana, "batches", {"source": "teaching"})["id"],
        release=released(ana),
        comparison=compared(ana),
    )


OPEN_TERMS = {
    "licence": "CC-BY-4.0",
    "pixels_redistributable": True,
    "text_redistributable": True,
    "boxes_redistributable": True,
}


def stored(
    ana: httpx.Client,
    seed: int,
    labels: tuple[Label, ...],
    draft: str,
    source: str = "teaching",
) -> str:
    file = ("phantom.png", phantom(seed, *labels, size=1024), "image/png")
    about = {"draft": draft, "source": source, "view": "PA", "age": str(seed - 160)}
    answer = ana.post("cases", data=about, files={"image": file})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["audit"]["id"])


def settled(ana: httpx.Client) -> bool:
    states = {row["state"] for row in ana.get("audits?limit=100").json()["results"]}
    return states <= {"done", "failed", "cancelled"}


def queue_of(ana: httpx.Client, name: str, *, source: str = "teaching", **rules: Any) -> str:
    made = str(sent(ana, "queues", {"name": name, "filter": {"source": source}, **rules})["id"])
    sent(ana, f"queues/{made}/fill", {})
    return made


def released(ana: httpx.Client) -> str:
    made = str(sent(ana, "releases", {})["id"])
    wait_until(
        lambda: ana.get(f"releases/{made}").json()["state"] in ("ready", "failed"), PATIENCE_SECONDS
    )
    return made


def compared(ana: httpx.Client) -> str:
    ids = {model["version"]: model["id"] for model in ana.get("models").json()["results"]}
    queues = {queue["name"]: queue["id"] for queue in ana.get("queues").json()["results"]}
    asked = {"a": ids["old"], "b": ids["new"], "queue": queues["Settled for comparison"]}
    return str(sent(ana, "comparisons", asked)["id"])


Prepare = Callable[[Reader, Shown], None]


def opened(path: str, heading: str) -> Prepare:
    def prepare(reader: Reader, shown: Shown) -> None:
        reader.page.goto(path.format(**shown.__dict__))
        expect(reader.page.get_by_role("heading", name=heading).first).to_be_visible()

    return prepare


def reading(reader: Reader, shown: Shown) -> None:
    reader.page.goto(f"/audits/{shown.audit}")
    expect(reader.page.get_by_role("checkbox", name="Nothing else missed")).to_be_visible()
    expect(reader.page.get_by_role("img", name="Chest X-ray")).to_be_visible()


def editing(reader: Reader, shown: Shown) -> None:
    reading(reader, shown)
    reader.press("e")
    expect(reader.page.get_by_text("Editing box")).to_be_visible()


def blind(reader: Reader, shown: Shown) -> None:
    reader.page.goto("/queues")
    reader.page.get_by_role("navigation", name="Queues").get_by_text("Image first").click()
    expect(reader.page.get_by_role("heading", name="Image first")).to_be_visible()
    reader.press("n")
    reader.page.wait_for_url("**/audits/*")
    expect(reader.page.get_by_role("img", name="Chest X-ray")).to_be_visible()


def adjudicating(reader: Reader, shown: Shown) -> None:
    reader.page.goto("/adjudications")
    expect(reader.page.get_by_role("button", name="Adjudicate next")).to_be_enabled()
    reader.press("n")
    expect(reader.page.get_by_role("img", name="Chest X-ray")).to_have_count(2)


def keys(reader: Reader, shown: Shown) -> None:
    reading(reader, shown)
    reader.press("?")
    expect(reader.page.get_by_role("dialog")).to_be_visible()


SCREENS: dict[str, tuple[str, str, Prepare]] = {
    # name: (its words, who looks, how it is opened)
    "worklist": ("The work list", USERNAME, opened("/", "Work list")),
    "reading": ("Reading, flags first", USERNAME, reading),
    "editing": ("A box corrected", USERNAME, editing),
    "keys": ("The keys", USERNAME, keys),
    "blind": ("Reading blind, the image first", "nora", blind),
    "adjudicating": ("Two reads that differ", "jo", adjudicating),
    "queue": ("A queue", USERNAME, opened("/queues/{queue}", "Second reads")),
    "case": ("One case with its history", USERNAME, opened("/cases/{case}", "")),
    "new": ("A new audit", USERNAME, opened("/new", "New audit")),
    "release": ("A release", USERNAME, opened("/releases/{release}", "Release")),
    "sources": ("Sources", USERNAME, opened("/sources", "")),
    "imports": ("Imports", USERNAME, opened("/imports", "Imports")),
    "batch": ("A batch", USERNAME, opened("/batches/{batch}", "")),
    "models": ("Models", USERNAME, opened("/models", "Models")),
    "comparison": ("Two versions compared", USERNAME, opened("/comparisons/{comparison}", "")),
    "people": ("People", USERNAME, opened("/people", "People")),
    "failures": ("What failed", USERNAME, opened("/failures", "")),
    "log": ("The audit log", USERNAME, opened("/log", "Audit log")),
}


def draw(browser: Browser, site: Site, shown: Shown, name: str, out: Path) -> None:
    _, username, prepare = SCREENS[name]
    with page_of(browser, site, username) as page:
        reader = Reader(page)
        prepare(reader, shown)
        for (width, height), theme in itertools.product(SIZES.items(), THEMES):
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
            page.wait_for_load_state("networkidle")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.save(out / f"{name}-{width}-{theme}.webp", quality=QUALITY, method=6)
        print(f"drew {name}", flush=True)


@contextmanager
def page_of(browser: Browser, site: Site, username: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.url, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    page = context.new_page()
    Reader(page).sign_in(username)
    yield page
    context.close()


def index() -> str:
    rows = [
        "# Every page",
        "",
        "Phantoms and made-up people only: drawn by `make bench-screenshots` from a site that it"
        " fills itself.",
    ]
    for name, (words, *_) in SCREENS.items():
        links = [
            f"[{width} {theme}](images/pages/{name}-{width}-{theme}.webp)"
            for width, theme in itertools.product(SIZES, THEMES)
            if (width, theme) != (1440, "dark")
        ]
        rows += ["", f"## {words}", "", f"![{words}](images/pages/{name}-1440-dark.webp)"]
        rows += ["", f"Also {', '.join(links)}."]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
