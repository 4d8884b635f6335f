"""Every page in both themes by axe, and the research-only notice on each."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from inference.vocabulary import Label
from tests.browser.phantoms import phantom
from tests.browser.reader import Reader
from tests.browser.stack import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ["dark", "light"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    # Evaluated, not added as a script: the page's own policy refuses inline scripts.
    page.evaluate(Path(AXE).read_text())
    found = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
    )["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def check(page: Page) -> None:
    expect(page.get_by_text("Research and education only.").first).to_be_visible()
    for theme in THEMES:
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        found = violations(page)
        assert not found, "\n".join([theme, *found])


def test_the_sign_in_page(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    check(page)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Work list"),
        ("/new", "New audit"),
        ("/releases", "Release"),
        ("/sources", "ChestX-Det"),
        ("/sources/new", "New source"),
        ("/models", "Models"),
        ("/imports", "Imports"),
        ("/clearing", "Clearing"),
    ],
)
def test_a_page(reader: Reader, page: Page, path: str, heading: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    check(page)


def test_the_reading_view(reader: Reader, page: Page) -> None:
    reader.take(phantom(41, Label.PNEUMOTHORAX), "No pneumothorax. Cardiomegaly.")
    expect(reader.active_flag).to_be_visible()
    check(page)
    reader.press("c", "e")
    check(page)


def test_reading_is_refused_politely_on_a_small_screen(reader: Reader, page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    page.goto("/audits/00000000-0000-0000-0000-000000000000")
    expect(page.get_by_text("This screen is too small to read an X-ray")).to_be_visible()
