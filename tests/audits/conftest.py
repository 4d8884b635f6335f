"""The platform under test: people, clients, and a worker process that can be killed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings
from rest_framework.test import APIClient

from audits.models import User
from audits.services import dispatch
from auditsite.celery import app
from inference.grounders import GROUNDERS
from tests.audits.pictures import square_grounder
from tests.audits.worker import Worker

PASSWORD = "correct horse battery"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that commit find the rows that migrations made, though tests before emptied tables."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and marker.kwargs.get("transaction")
        if commits or "transactional_db" in getattr(item, "fixturenames", ()):
            whole = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(whole, append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Emptying tables between tests truncates the log, which its trigger rightly refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audits_auditlogentry DISABLE TRIGGER audit_log_no_truncate")


@pytest.fixture(autouse=True)
def squares(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Audits of these tests are grounded by the grounder that reads `pictures`."""
    monkeypatch.setitem(GROUNDERS, "squares", square_grounder)
    settings.GROUNDER = "squares"


@pytest.fixture
def reader(db: None) -> User:
    return User.objects.create_user("ada", password=PASSWORD, first_name="Ada", last_name="King")


@pytest.fixture
def curator(db: None) -> User:
    return User.objects.create_user("cora", password=PASSWORD, is_curator=True)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("root", password=PASSWORD, is_staff=True)


def client_of(user: User | None = None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def api(reader: User) -> APIClient:
    return client_of(reader)


@pytest.fixture
def hire(
    transactional_db: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Worker]]:
    """Starts worker processes on the test database, with these options of Celery's.

    All are gone before its tables are emptied: under a worker at work that can deadlock.
    """
    app.control.purge()
    hired: list[Worker] = []

    def one_more(*options: str) -> Worker:
        hired.append(Worker(tmp_path_factory.mktemp("worker"), *options))
        hired[-1].wait_until_ready()
        return hired[-1]

    yield one_more
    for worker in hired:
        worker.kill()


@pytest.fixture
def worker(hire: Callable[[], Worker]) -> Worker:
    return hire()


@pytest.fixture
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """No message is sent: the test does all steps itself."""
    monkeypatch.setattr(dispatch, "_publish", lambda *_: None)


@pytest.fixture
def stored_files(settings: Settings) -> Callable[[], set[str]]:
    """All files in the store, by path."""
    root = Path(settings.MEDIA_ROOT)
    return lambda: {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
