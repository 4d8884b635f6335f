"""How fast is the page a reader works in, beside a bare page in the same browser?

The whole platform on this machine, phantoms of 4 megapixels, real Chromium. Each round measures the
page and then a bare page with the same bytes (`benchmarks._page_bare`), so that both meet the same
machine. Times end when the browser has painted: a frame after the change is in the document.

    python -m benchmarks.page               20 rounds, printed and written to docs/measurements.md
    python -m benchmarks.page --rounds 5 --print
"""

import argparse
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from benchmarks._page_bare import bare_site
from bootstrap.browser import ensure_browser
from bootstrap.frontend import ensure_built
from bootstrap.layout import ROOT, Layout
from bootstrap.processes import wait_until
from bootstrap.services import throwaway_services
from inference.images import encode_png
from inference.phantoms import render_phantom
from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.stack import PASSWORD, USERNAME, Site, running_site

REPORT = ROOT / "docs" / "measurements.md"
PIXELS = 2048
DRAFT = "There is a pleural effusion. No pneumothorax."
DRAWS = 4000
SOMEBODY_ELSE = (
    f"from audits.models import User; User.objects.create_user('ben', password={PASSWORD!r})"
)
PATIENCE_MS = 120_000

# Looks after each change of the document for what is waited for, and notes when it was painted.
WATCH = """
window.marks = {}; window.keyAt = 0; window.imageBefore = null;
addEventListener("keydown", (event) => { window.keyAt = event.timeStamp; }, true);
const image = () => document.querySelector("canvas[role=img][aria-label]");
const label = () => image()?.getAttribute("aria-label");
window.shownImage = label;
const text = (where) => document.querySelector(where)?.textContent ?? "";
const seen = {
  image: () => Boolean(label()),
  row: () => document.querySelector("tbody tr") !== null,
  verdict: () => text("aside").includes("Confirmed"),
  window: () => image()?.dataset.window || text(".readout").includes("W 150"),
  deep: () => image()?.dataset.deep || text(".readout").includes("full depth"),
  next: () => window.imageBefore && label() && label() !== window.imageBefore,
};
const byItself = ["image", "row"];
const look = () => {
  for (const [name, is] of Object.entries(seen)) {
    if (name in window.marks || (!window.keyAt && !byItself.includes(name)) || !is()) continue;
    window.marks[name] = null;
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => {
        window.marks[name] = performance.now();
        console.debug(`painted ${name}`);
      };
      painted.port2.postMessage(null);
    });
  }
};
// What a move of the pointer costs: until its change is in the document, and to paint it. What
// lies between, waiting for the screen's next frame, is nobody's work.
window.frames = [];
addEventListener("pointermove", () => { window.movedAt = performance.now(); }, true);
const count = () => {
  if (!window.movedAt) return;
  const changing = performance.now() - window.movedAt;
  window.movedAt = 0;
  requestAnimationFrame(() => {
    const at = performance.now();
    const painted = new MessageChannel();
    painted.port1.onmessage = () => { window.frames.push(changing + performance.now() - at); };
    painted.port2.postMessage(null);
  });
};
const all = { subtree: true, childList: true, attributes: true, characterData: true };
new MutationObserver(() => { look(); count(); }).observe(document, all);
"""
MEASURED = {
    "image": "first image, from navigation",
    "row": "first row of the work list, from navigation",
    "verdict": "verdict, from key to paint",
    "window": "window of 4 megapixels, from key to paint",
    "frame": "a frame of a window drag over 4 megapixels, its work",
    "deep": "full depth of 4 megapixels, from the first window change",
    "next": "next case, from Enter to its image",
}
GOALS = {"image": 500, "next": 200, "frame": 16}
MOVES = 40
Times = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--print", action="store_true", help="and write nothing")
    args = parser.parse_args()
    with platform() as site, chromium() as browser:
        audits = stored(site, args.rounds + 2)
        page_times, bare_times = measured(browser, site, audits, stored_deep(site), args.rounds)
    report = table(page_times, bare_times)
    print(report)
    if not args.print:
        REPORT.write_text(replaced(REPORT.read_text() if REPORT.exists() else "", report))


@contextmanager
def platform() -> Iterator[Site]:
    layout = Layout.of(os.environ, ROOT)
    layout.create_state()
    ensure_built(layout)
    with throwaway_services(layout) as services, tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = services.database_url
        os.environ["REDIS_URL"] = services.redis_url
        os.environ["DJANGO_SETTINGS_MODULE"] = "auditsite.settings"
        with running_site(Path(folder)) as site:
            yield site


@contextmanager
def chromium() -> Iterator[Browser]:
    path = ensure_browser(Layout.of(os.environ, ROOT))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def client_of(site: Site) -> httpx.Client:
    client = httpx.Client(base_url=f"{site.url}/api/v1/", timeout=120)
    told = client.post("auth/token", json={"username": USERNAME, "password": PASSWORD}).json()
    client.headers["Authorization"] = f"Bearer {told['token']}"
    return client


def stored(site: Site, cases: int) -> list[str]:
    """So many phantoms with a flagged draft, audited; the ids of their audits."""
    client = client_of(site)
    audits = []
    for seed in range(cases):
        file = ("phantom.png", phantom(seed, Label.PNEUMOTHORAX, size=PIXELS), "image/png")
        made = client.post("cases", data={"draft": DRAFT, "view": "PA"}, files={"image": file})
        made.raise_for_status()
        audits.append(made.json()["audit"]["id"])

    def are_done() -> bool:
        return all(client.get(f"audits/{audit}").json()["state"] == "done" for audit in audits)

    if not wait_until(are_done, 1800, every=1.0):
        raise RuntimeError("the audits did not end within half an hour")
    return audits


def deep_pixels() -> NDArray[np.uint16]:
    """A phantom of 16 bits with a detector's noise in the lower ones."""
    phantom_of_8 = render_phantom(7, [Label.PNEUMOTHORAX], PIXELS).image.astype(np.float64)
    noise = np.random.default_rng(7).normal(0, 60, phantom_of_8.shape)
    return np.clip(phantom_of_8 * 180 + 8000 + noise, 0, 65535).astype(np.uint16)


def stored_deep(site: Site) -> str:
    """An audit of it."""
    file = ("deep.png", encode_png(deep_pixels()), "image/png")
    client = client_of(site)
    made = client.post("cases", data={"draft": DRAFT, "view": "PA"}, files={"image": file})
    audit = str(made.raise_for_status().json()["audit"]["id"])

    def is_done() -> bool:
        return bool(client.get(f"audits/{audit}").json()["state"] == "done")

    if not wait_until(is_done, 600, every=1.0):
        raise RuntimeError("the deep audit did not end")
    return audit


def measured(
    browser: Browser, site: Site, audits: Sequence[str], deep: str, rounds: int
) -> tuple[Times, Times]:
    """Times in ms of the page and of the bare page, by what was measured."""
    client = client_of(site)
    case = client.get(f"audits/{audits[0]}").json()["case"]
    image = client.get(f"{site.url}{case['image_url']}").raise_for_status().content
    rows = client.get("audits?limit=50").json()
    page_times: Times = {name: [] for name in MEASURED}
    bare_times: Times = {name: [] for name in MEASURED}
    packed = zlib.compress(deep_pixels().tobytes())
    with bare_site(image, packed, rows) as bare:
        state = signed_in(browser, site, USERNAME)
        # Somebody else looks at the one item again and again, and holds it.
        site.manage("shell", "-c", SOMEBODY_ELSE)
        looking = standing(browser, site.url, signed_in(browser, site, "ben"))
        beside = standing(browser, bare, None)
        reading = new_context(browser, site.url, state).new_page()
        reading.goto(f"/audits/{audits[0]}")
        for number in range(rounds):
            for address, name in ((f"/audits/{audits[-1]}", "image"), ("/", "row")):
                page_times[name].append(fresh(looking, address, name))
            bare_times["row"].append(fresh(beside, "/list", "row"))
            # By who does not read here, and who holds it from then on.
            fresh(looking, f"/audits/{deep}", "image")
            expect(looking.get_by_role("checkbox", name="Nothing else missed")).to_be_visible()
            keyed(looking, page_times, "q", "deep")
            looking.goto("about:blank")
            read_one(reading, page_times)
            bare_times["image"].append(fresh(beside, "/image", "image"))
            keyed(beside, bare_times, "c", "verdict")
            keyed(beside, bare_times, "q", "window")
            dragged(beside, bare_times)
            keyed(beside, bare_times, "w", "deep")
            before(beside)
            keyed(beside, bare_times, "Enter", "next")
            print(f"round {number + 1} of {rounds}", flush=True)
        for page in (reading, looking, beside):
            page.context.close()
    return page_times, bare_times


def read_one(page: Page, times: Times) -> None:
    """One item by keys, as a reader does it; the next one has had the time to load ahead."""
    expect(page.get_by_role("checkbox", name="Nothing else missed")).to_be_visible()
    mark(page, "image")
    page.evaluate("delete window.marks.verdict; delete window.marks.window")
    keyed(page, times, "c", "verdict")
    keyed(page, times, "q", "window")
    dragged(page, times)
    for key in ("j", "d", "2", "t"):
        page.keyboard.press(key)
    expect(page.locator("header").get_by_role("status")).to_have_text("Saved")
    page.evaluate("() => new Promise(requestIdleCallback)")
    said = page.evaluate("performance.now()")
    page.wait_for_function("said => performance.now() > said + 1000", arg=said)
    before(page)
    keyed(page, times, "Enter", "next")


def before(page: Page) -> None:
    """The image that is on the screen: the next one is another."""
    page.evaluate("window.imageBefore = window.shownImage(); delete window.marks.next")


def keyed(page: Page, times: Times, key: str, name: str) -> None:
    page.keyboard.press(key)
    times[name].append(mark(page, name) - page.evaluate("window.keyAt"))


def dragged(page: Page, times: Times) -> None:
    """The window is dragged: the median work of a move, and the key's preset is left behind."""
    box = page.locator("canvas[role=img][aria-label]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("window.frames = []")
    for step in range(MOVES):
        page.mouse.move(x + step, y + step / 2)
    page.mouse.up()
    page.wait_for_function("count => window.frames.length > count", arg=MOVES // 4)
    times["frame"].append(float(np.median(page.evaluate("window.frames"))))


def mark(page: Page, name: str) -> float:
    """When it was painted, in ms since the navigation began."""
    page.wait_for_function("name => window.marks[name]", arg=name, timeout=PATIENCE_MS)
    return float(page.evaluate("name => window.marks[name]", name))


def standing(browser: Browser, site: str, state: Any) -> Page:
    """A window that is open already: to open one keeps the browser's own pages busy for hundreds
    of ms, which is no part of a navigation."""
    page = new_context(browser, site, state).new_page()
    page.goto("about:blank")
    return page


def fresh(page: Page, address: str, name: str) -> float:
    """Goes there with nothing cached, from an empty page that has come to rest; `mark` of it.

    The page says when: a script that asks it again and again would take its time from it.
    """
    page.goto("about:blank")
    browser = page.context.new_cdp_session(page)
    browser.send("Network.clearBrowserCache")
    browser.detach()
    page.evaluate("() => new Promise(requestIdleCallback)")
    with page.expect_console_message(lambda said: said.text == f"painted {name}"):
        page.goto(address, wait_until="commit")
    return mark(page, name)


def new_context(browser: Browser, site: str, state: Any) -> BrowserContext:
    size = {"width": 1440, "height": 900}
    context = browser.new_context(base_url=site, viewport=size, storage_state=state)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WATCH)
    return context


def signed_in(browser: Browser, site: Site, username: str) -> Any:
    context = new_context(browser, site.url, None)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Work list")).to_be_visible()
    state = context.storage_state()
    context.close()
    return state


def table(page: Mapping[str, Sequence[float]], bare: Mapping[str, Sequence[float]]) -> str:
    """Medians with 95 % intervals by bootstrap over the rounds, and the ratio to the bare page."""
    lines = [
        "| | page, ms | bare page, ms | times as long | n | goal, ms |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, words in MEASURED.items():
        ours, theirs = (medians(times[name]) for times in (page, bare))
        goal = str(GOALS.get(name, ""))
        cells = [words, shown(ours), shown(theirs), shown(ours / theirs, 1), str(len(page[name]))]
        lines.append(f"| {' | '.join([*cells, goal])} |")
    return "\n".join(lines)


def medians(times: Sequence[float]) -> NDArray[np.float64]:
    """The median, and after it those of ``DRAWS`` draws with replacement."""
    values = np.asarray(times)
    draws = np.random.default_rng(9).choice(values, (DRAWS, len(values)))
    return np.concatenate([[np.median(values)], np.median(draws, axis=1)])


def shown(found: NDArray[np.float64], digits: int = 0) -> str:
    low, high = np.quantile(found[1:], (0.025, 0.975))
    return f"{found[0]:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def replaced(text: str, report: str, name: str = "page") -> str:
    """The document with this part new, at its place or at the end."""
    begins, ends = f"<!-- {name}: made by `make bench-{name}` -->", f"<!-- {name} ends -->"
    part = f"{begins}\n{report}\n{ends}"
    if begins not in text:
        return f"{text}\n{part}\n"
    start, rest = text.split(begins)
    return f"{start}{part}{rest.split(ends)[1]}"


if __name__ == "__main__":
    main()
