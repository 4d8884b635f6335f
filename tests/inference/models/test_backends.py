"""The medgemma grounder and the nemotron parser, from settings to groundings and parsings."""

from pathlib import Path

import numpy as np
import pytest

from inference.grounders import BackendUnavailable, get_grounder
from inference.grounders.medgemma import MedGemma
from inference.images import GrayImage
from inference.local.settings import LocalSettings
from inference.parsers import get_parser
from inference.parsers.nemotron import Nemotron
from inference.vocabulary import LABELS, ImageState, LedgerReason
from tests.inference.models.tiny import make_gemma, make_nemotron

DRAFT = "Small left pleural effusion. No pneumothorax."


def grounder(folder: Path, prompt: str = "findings-1", **settings: object) -> MedGemma:
    given = {"max_tokens": 1500, "precision": "fp32", "image_side": 64, **settings}
    return MedGemma(LocalSettings(str(folder), prompt, **given))  # type: ignore[arg-type]


def parser(folder: Path, **settings: object) -> Nemotron:
    given = {"max_tokens": 3000, "precision": "fp32", "thinking": 16, **settings}
    return Nemotron(LocalSettings(str(folder), "mentions-1", **given))  # type: ignore[arg-type]


@pytest.mark.parametrize("prompt", ["findings-1", "findings-2"])
@pytest.mark.parametrize("precision", ["fp32", "bf16", "nf4"])
def test_every_forced_grounding_is_used_and_kept(
    gemma: Path, films: list[GrayImage], prompt: str, precision: str
) -> None:
    for each in grounder(gemma, prompt, precision=precision).ground(films):
        assert each.image_state is ImageState.GROUNDED
        assert [attempt.outcome for attempt in each.attempts] in (["used"], ["recovered"])
        assert each.attempts[0].tokens_out
        assert each.attempts[0].settings["batch"] == len(films)


def test_a_batch_grounds_as_single_films_do(gemma: Path, films: list[GrayImage]) -> None:
    model = grounder(gemma, batch=2)
    together = model.ground(films)
    alone = [model.ground([film])[0] for film in films]
    assert [each.attempts[0].raw for each in together] == [each.attempts[0].raw for each in alone]
    assert [each.labels for each in together] == [each.labels for each in alone]


def test_a_uniform_film_is_failed_and_the_others_are_grounded(
    gemma: Path, films: list[GrayImage]
) -> None:
    blank = np.zeros((64, 64), np.uint8)
    states = [each.image_state for each in grounder(gemma).ground([films[0], blank, films[1]])]
    assert states == [ImageState.GROUNDED, ImageState.FAILED, ImageState.GROUNDED]


def test_answers_that_cannot_be_read_climb_the_whole_ladder(
    tmp_path: Path, films: list[GrayImage]
) -> None:
    model = grounder(make_gemma(tmp_path), force_schema=False, max_tokens=3)
    (grounding,) = model.ground(films[:1])
    assert grounding.image_state is ImageState.FAILED
    assert set(grounding.labels.values()) == {None}
    assert [attempt.outcome for attempt in grounding.attempts] == ["failed"] * 4
    told = [attempt.settings["temperature"] for attempt in grounding.attempts]
    assert told == [0.0, 0.0, 0.4, 0.4]


def test_thoughts_are_kept_and_never_read(nemotron: Path) -> None:
    """However often a random network opens its thoughts again."""
    parsing = parser(nemotron, thinking=300).parse(DRAFT)
    assert parsing.draft_state == "parsed"
    (attempt,) = parsing.attempts
    assert attempt.raw.startswith("<think>")
    assert "</think>" in attempt.raw
    said = [entry.raw for entry in parsing.ledger] + [each.text for each in parsing.mentions]
    assert all("</think>" not in each for each in said)


def test_a_span_that_is_not_in_the_draft_is_a_ledger_row(tmp_path: Path) -> None:
    for seed in range(4):
        parsing = parser(make_nemotron(tmp_path / str(seed), seed)).parse(DRAFT)
        assert all(DRAFT[each.start : each.end] == each.text for each in parsing.mentions)
        for entry in parsing.ledger:
            assert entry.reason is LedgerReason.SPAN_NOT_IN_DRAFT
        if parsing.ledger:
            return
    pytest.fail("No model of four wrote a span.")


def test_an_empty_draft_is_not_asked_about(nemotron: Path) -> None:
    parsing = parser(nemotron).parse(" \n")
    assert (parsing.draft_state, parsing.attempts) == ("empty", ())


def test_the_version_tells_weights_adapter_and_prompt(gemma: Path, tmp_path: Path) -> None:
    first = grounder(gemma, licence="HAI-DEF terms").version
    assert (first.name, first.licence, first.may_release_output) == (
        "medgemma", "HAI-DEF terms", False,
    )  # fmt: skip
    assert first.prompt.startswith("findings-1@")
    other = grounder(make_gemma(tmp_path, seed=1)).version
    assert first.weights_hash != other.weights_hash
    assert grounder(gemma, batch=2, device="cpu", licence="HAI-DEF terms").version == first
    changes = ({"precision": "nf4"}, {"max_tokens": 9}, {"force_schema": False}, {"image_side": 80})
    for change in changes:
        again = grounder(gemma, **change).version
        assert (again.weights_hash, again.hash != first.hash) == (first.weights_hash, True)


def test_the_environment_chooses_both(
    gemma: Path, nemotron: Path, films: list[GrayImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {
        "MEDGEMMA_CHECKPOINT": gemma, "MEDGEMMA_PROMPT": "findings-2", "MEDGEMMA_IMAGE_SIDE": 64,
        "MEDGEMMA_MAX_TOKENS": 1500, "NEMOTRON_CHECKPOINT": nemotron,
        "NEMOTRON_PROMPT": "mentions-1", "NEMOTRON_MAX_TOKENS": 3000,
    }  # fmt: skip
    for name, value in told.items():
        monkeypatch.setenv(name, str(value))
    get_grounder.cache_clear()
    get_parser.cache_clear()
    (grounding,) = get_grounder("medgemma").ground(films[:1])
    assert set(grounding.labels) == set(LABELS)
    assert get_parser("nemotron").parse(DRAFT).attempts
    get_grounder.cache_clear()
    get_parser.cache_clear()


def test_a_checkpoint_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(BackendUnavailable, match=r"no/such.*download it first"):
        grounder(Path("no/such"))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(BackendUnavailable, match="can't be loaded"):
        grounder(tmp_path).ground([np.arange(4096, dtype=np.uint16).reshape(64, 64)])
