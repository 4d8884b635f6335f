"""What a reader does at the page, in the reader's words."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.stack import PASSWORD, USERNAME

MOST_STOPS = 100


class Reader:
    """Somebody at the browser. Everything goes by what they see: roles, names and keys."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, username: str = USERNAME) -> None:
        self.page.goto("/")
        self.fill_credentials(username)
        expect(self.page.get_by_role("heading", name="Work list")).to_be_visible()

    def fill_credentials(self, username: str = USERNAME) -> None:
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()

    def audit(self, image: bytes, draft: str, name: str = "phantom.png") -> None:
        """A new audit by the page, up to the reading view."""
        self.page.goto("/new")
        file = {"name": name, "mimeType": "image/png", "buffer": image}
        self.page.get_by_label("Image file").set_input_files(files=[file])
        self.page.get_by_label("Draft").fill(draft)
        self.page.get_by_role("button", name="Audit", exact=True).click()
        self.page.wait_for_url("**/audits/*")

    def take(self, image: bytes, draft: str) -> None:
        """A new audit, done and held: from here on keys answer it."""
        self.audit(image, draft)
        expect(self.page.get_by_role("checkbox", name="Nothing else missed")).to_be_visible()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, target: Locator) -> None:
        """The Tab key until it is there: what a keyboard can't reach is not there at all."""
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab led to {target}")

    def flag(self, title: str) -> Locator:
        """A flag's line or card, found by what it is about."""
        return self.flags.get_by_text(title, exact=True)

    @property
    def flags(self) -> Locator:
        return self.page.get_by_role("region", name="Flags")

    @property
    def active_flag(self) -> Locator:
        return self.flags.locator("[aria-current=true]")

    @property
    def saved(self) -> Locator:
        return self.page.locator("header").get_by_role("status")

    @property
    def audit_id(self) -> str:
        return self.page.url.rsplit("/", 1)[1]

    def get(self, path: str) -> Any:
        """What the API says to this reader."""
        answer = self.page.request.get(f"/api/v1/{path}")
        assert answer.ok, answer.text()
        return answer.json()
