"""A real browser before the real platform."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    expect,
    sync_playwright,
)

from tests.browser.reader import Reader
from tests.browser.stack import Site, running_site

# Playwright's loop lives on this thread; Django must not mistake the other tests for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Generous: a machine that also builds and trains is slow, and nothing here measures time.
PATIENCE_MS = 60_000


@pytest.fixture(scope="package")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
    if not path:
        pytest.fail("No Chromium: set CHROMIUM_PATH, or run the tests by `make test`.")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


def new_context(browser: Browser, site: Site, state: StorageState | None) -> BrowserContext:
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture(scope="package")
def signed_in(browser: Browser, live_site: Site) -> StorageState:
    """The cookies of somebody who signed in by the page."""
    context = new_context(browser, live_site, None)
    Reader(context.new_page()).sign_in()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser: Browser, live_site: Site, signed_in: StorageState) -> Iterator[Page]:
    """A new page of somebody signed in."""
    context = new_context(browser, live_site, signed_in)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    context.close()
    assert faults == [], "the page met a fault of its own"


@pytest.fixture
def reader(page: Page) -> Reader:
    return Reader(page)
