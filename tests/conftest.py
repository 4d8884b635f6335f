"""Shared by all tests. Postgres and Redis are real: DATABASE_URL and REDIS_URL name them."""

import shutil
import tempfile

import pytest
from django.conf import settings

MEDIA = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY = "a key for tests only"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    # Each test client loads the middleware anew, and would look through all static files each time.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = config.stash[MEDIA] = tempfile.mkdtemp(prefix="overread-media-")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[MEDIA], ignore_errors=True)
