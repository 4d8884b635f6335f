"""What each member of an ensemble said, with the audit it said it in."""

from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from audits.models import Audit, User
from inference.grounders import GROUNDERS, get_grounder
from inference.grounders.ensemble import NAME, EnsembleGrounder
from inference.images import GrayImage
from inference.schema import BackendVersion, Grounding
from inference.states import image_labels
from inference.vocabulary import LABELS, ImageState, Label
from tests.audits.conftest import client_of
from tests.audits.pictures import GIVE_UP, PLACES, SIZE, SquareGrounder
from tests.audits.stored import started, work

pytestmark = pytest.mark.django_db

PNEUMOTHORAX = Label.PNEUMOTHORAX


class SeesNothing:
    version = BackendVersion("sees_nothing", "1", "6" * 64, "CC0-1.0", True)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        return [Grounding(ImageState.GROUNDED, image_labels(())) for _ in images]


@pytest.fixture
def pair(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ensemble of two, under its own name, as workers find a grounder by its version's."""
    members = {"squares": SquareGrounder(), "sees_nothing": SeesNothing()}
    ensemble = EnsembleGrounder(members, dict.fromkeys(members, 1.0))
    monkeypatch.setitem(GROUNDERS, NAME, lambda: ensemble)
    settings.GROUNDER = NAME
    get_grounder.cache_clear()
    yield
    get_grounder.cache_clear()


def votes_of(curator: User, audit: Audit) -> list[dict[str, object]]:
    votes: list[dict[str, object]] = (
        client_of(curator).get(f"/api/v1/audits/{audit.pk}").json()["votes"]
    )
    return votes


@pytest.mark.usefixtures("pair")
def test_every_member_s_vote_on_every_label_is_told(curator: User) -> None:
    audit = work(started(PNEUMOTHORAX))
    votes = votes_of(curator, audit)
    asked = {(vote["member"], vote["label"]) for vote in votes}
    assert asked == {(name, label) for name in ("squares", "sees_nothing") for label in LABELS}
    own = {vote["member"]: vote for vote in votes if vote["label"] == PNEUMOTHORAX}
    assert own["squares"]["state"] == "present" and own["squares"]["score"] == 0.9
    place = PLACES[PNEUMOTHORAX]
    corners = (place.start / SIZE, place.stop / SIZE)
    assert own["squares"]["boxes"] == [[corners[0], corners[0], corners[1], corners[1]]]
    assert (own["sees_nothing"]["state"], own["sees_nothing"]["boxes"]) == ("absent", [])


@pytest.mark.usefixtures("pair")
def test_a_member_that_failed_has_no_state(curator: User) -> None:
    audit = work(started(PNEUMOTHORAX, order=GIVE_UP))
    assert audit.image_state == "partial"
    states = {vote["state"] for vote in votes_of(curator, audit) if vote["member"] == "squares"}
    assert states == {None}


def test_one_grounder_alone_has_no_votes_and_raw_results_stay_in_the_database(
    curator: User,
) -> None:
    audit = work(started(PNEUMOTHORAX))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert votes_of(curator, audit) == []
    steps = [q["sql"] for q in queries if 'FROM "audits_auditstep"' in q["sql"]]
    assert steps and not any('"audits_auditstep"."result",' in sql for sql in steps)
