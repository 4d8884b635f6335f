"""What the environment says of models in our own process: no model's package is needed."""

import pytest

from inference.grounders import BackendUnavailable
from inference.local.settings import LocalSettings, local_settings

BASE = {"MEDGEMMA_CHECKPOINT": "google/medgemma-1.5-4b-it"}


def read(**more: str) -> LocalSettings:
    return local_settings({**BASE, **more}, "MEDGEMMA", "findings")


def test_a_published_checkpoint_needs_nothing_else() -> None:
    settings = read()
    assert (settings.prompt, settings.precision, settings.max_tokens) == ("findings-1", "bf16", 512)
    assert (settings.batch, settings.thinking, settings.download) == (8, 0, False)


def test_another_checkpoint_must_say_what_its_boxes_mean() -> None:
    with pytest.raises(BackendUnavailable, match="MEDGEMMA_PROMPT"):
        read(MEDGEMMA_CHECKPOINT="/models/mine")
    told = read(MEDGEMMA_CHECKPOINT="/models/mine", MEDGEMMA_PROMPT="findings-2")
    assert told.prompt == "findings-2"


@pytest.mark.parametrize(
    ("name", "value"),
    [("CHECKPOINT", ""), ("PRECISION", "int8"), ("BATCH", "0"), ("DOWNLOAD", "yes"),
     ("MAX_TOKENS", "many"), ("THINKING", "-1")],
)  # fmt: skip
def test_a_setting_that_does_not_hold_is_named(name: str, value: str) -> None:
    with pytest.raises(BackendUnavailable, match=f"MEDGEMMA_{name}"):
        read(**{f"MEDGEMMA_{name}": value})
