"""What does the page add to a reader's ten seconds? Thirty cases by keyboard, nobody thinking.

The whole platform on this machine, phantoms of 4 megapixels, real Chromium. A scripted reader
answers two cards a case (confirm with its significance, dismiss with its reason), attests and goes
on; each key is pressed once what the key before it changed has been painted. So a case lasts what
the page, the server and the browser take, and a person's thinking comes on top.

    python -m benchmarks.thirty_cases            printed and written to docs/measurements.md
    python -m benchmarks.thirty_cases --cases 5 --print
"""

import argparse
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Page, expect

from benchmarks.page import (
    PATIENCE_MS,
    REPORT,
    chromium,
    medians,
    new_context,
    platform,
    replaced,
    shown,
    signed_in,
    stored,
)
from tests.browser.stack import USERNAME

ANSWERS = ("c", "1", "d", "2", "t")
SLIP_MS = 300
TEN_SECONDS = 10_000

# When each key was pressed, and when the first change after it was painted; the same of the next
# case: its image, and that it is held, so that keys answer it.
STROKES = """
window.strokes = []; window.nextAt = {}; window.caseBefore = null;
const painted = (then) => requestAnimationFrame(() => {
  const after = new MessageChannel();
  after.port1.onmessage = () => then(performance.now());
  after.port2.postMessage(null);
});
addEventListener("keydown", ({ key, timeStamp }) => {
  window.strokes.push({ key, at: timeStamp });
}, true);
const isNext = () => window.caseBefore && window.shownImage() &&
  window.shownImage() !== window.caseBefore;
const reached = {
  image: isNext,
  held: () => isNext() && document.querySelector("input[type=checkbox], [role=checkbox]") !== null,
};
new MutationObserver(() => {
  const stroke = window.strokes.at(-1);
  if (stroke && !("painted" in stroke)) {
    stroke.painted = null;
    painted((at) => { stroke.painted = at; });
  }
  for (const [name, is] of Object.entries(reached)) {
    if (name in window.nextAt || !is()) continue;
    window.nextAt[name] = null;
    painted((at) => { window.nextAt[name] = at; });
  }
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
"""


class Case(NamedTuple):
    """What one case took, in ms."""

    keys: list[float]
    slip: float
    image: float
    held: float
    whole: float

    @property
    def page(self) -> float:
        """What a person waits for: the keys' answers, and the next case until it can be answered.
        The wait against a slip of the hand is over before anybody's next look."""
        return sum(self.keys) + self.held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--print", action="store_true", help="and write nothing")
    args = parser.parse_args()
    with platform() as site, chromium() as browser:
        first, *_ = stored(site, args.cases + 1)
        context = new_context(browser, site.url, signed_in(browser, site, USERNAME))
        context.add_init_script(STROKES)
        page = context.new_page()
        page.goto(f"/audits/{first}")
        expect(page.get_by_role("checkbox", name="Nothing else missed")).to_be_visible()
        until(page, "window.shownImage()")
        cases = [worked(page) for _ in range(args.cases)]
        context.close()
    report = table(cases)
    print(report)
    if not args.print:
        REPORT.write_text(replaced(REPORT.read_text(), report, "thirty-cases"))


def worked(page: Page) -> Case:
    """One case, from its first key until the next one can be answered."""
    page.evaluate(
        "window.strokes = []; window.nextAt = {}; window.caseBefore = window.shownImage()"
    )
    for count, key in enumerate(ANSWERS, 1):
        page.keyboard.press(key)
        until(page, f"window.strokes[{count - 1}]?.painted")
    until(page, f"performance.now() > window.strokes.at(-2).painted + {SLIP_MS}")
    page.keyboard.press("Enter")
    until(page, "window.nextAt.image && window.nextAt.held")
    strokes, next_at = page.evaluate("[window.strokes, window.nextAt]")
    *answers, enter = strokes
    return Case(
        keys=[each["painted"] - each["at"] for each in answers],
        slip=enter["at"] - answers[-1]["painted"],
        image=next_at["image"] - enter["at"],
        held=next_at["held"] - enter["at"],
        whole=next_at["held"] - answers[0]["at"],
    )


def until(page: Page, is_so: str) -> None:
    # A function: of a mere expression the page's policy would let no evaluation pass.
    page.wait_for_function(f"() => {is_so}", timeout=PATIENCE_MS)


def table(cases: Sequence[Case]) -> str:
    """Medians with 95 % intervals by bootstrap, and the slowest twentieth."""
    rows = {
        "a case, from its first key to the next case": [each.whole for each in cases],
        "a key, until what it changes is painted": [ms for each in cases for ms in each.keys],
        "Enter, until the next image is painted": [each.image for each in cases],
        "Enter, until the next case can be answered": [each.held for each in cases],
        "wait until Enter counts (no slip), and the script's own": [each.slip for each in cases],
        "what the page adds to a case: keys, and the next case": [each.page for each in cases],
    }
    lines = ["| | median, ms | 95th percentile, ms | n |", "| --- | --- | --- | --- |"]
    for words, times in rows.items():
        slowest = float(np.quantile(times, 0.95))
        lines.append(f"| {words} | {shown(medians(times))} | {slowest:.0f} | {len(times)} |")
    added = float(np.median(rows["what the page adds to a case: keys, and the next case"]))
    lines.append(f"\nThat is {added / TEN_SECONDS:.1%} of ten seconds.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
