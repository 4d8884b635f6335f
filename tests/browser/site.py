"""The web process of the browser tests: the platform, with the grounder of `phantoms` known."""

from auditsite.wsgi import application
from tests.browser.phantoms import install

install()

__all__ = ["application"]
