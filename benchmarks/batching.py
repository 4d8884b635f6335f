"""How much faster a batch of 8 is than 8 single questions, on the tiny random Gemma 3.

    make bench-batching ARGS="--pairs 9"

Both ways run in turn, in one process, on one thread of the CPU: the same 8 pictures, 48 tokens
each, with and without forcing (to a list long enough for 48 tokens: a batch waits for its longest
answer, and a random network's are of any length). Prints the median of the pairs' ratios of
seconds a token, with a bootstrap interval. A real model on a GPU has another ratio, not measured.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from inference.generation.ladder import Rung
from inference.local.generating import Generator
from inference.local.ladder import Message
from inference.local.loading import load
from inference.local.settings import LocalSettings
from inference.prompts import answer_schema, load_prompt
from tests.inference.models.tiny import make_gemma

BATCH = 8
TOKENS = 48
_DRAWS = 2000
RUNG = Rung(temperature=3.0, seed=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9, help="times each way (default 9)")
    pairs = parser.parse_args().pairs
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        make_gemma(Path(folder))
        for forced in (False, True):
            ratios = measured(Path(folder), forced, pairs)
            low, high = interval(ratios)
            print(
                f"{'forced' if forced else 'free'}: a batch of {BATCH} is "
                f"{statistics.median(ratios):.1f} times as fast as one by one "
                f"({low:.1f} to {high:.1f}, n = {pairs})"
            )


def measured(folder: Path, forced: bool, pairs: int) -> list[float]:
    """Seconds one by one over seconds in a batch, a pair each; one round before is not counted."""
    settings = LocalSettings(str(folder), "findings-1", TOKENS, precision="fp32", batch=BATCH)
    schema = _long_lists() if forced else None
    model = Generator(load(settings, sees=True), settings, schema)
    messages = [_message(seed) for seed in range(BATCH)]
    ratios = []
    for _ in range(pairs + 1):
        together, tokens = timed(model, [messages])
        alone, single_tokens = timed(model, [[message] for message in messages])
        # A free network may stop early: seconds a token are compared.
        ratios.append((alone / single_tokens) / (together / tokens))
    return ratios[1:]


def timed(model: Generator, batches: Sequence[Sequence[Message]]) -> tuple[float, int]:
    started, tokens = time.perf_counter(), 0
    for batch in batches:
        tokens += sum(each.tokens_out or 1 for each in model.answers(batch, RUNG) if each)
    return time.perf_counter() - started, tokens


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """95% bootstrap interval of the median."""
    chance = np.random.default_rng(0)
    drawn = chance.choice(np.asarray(ratios), (_DRAWS, len(ratios)))
    low, high = np.quantile(np.median(drawn, axis=1), (0.025, 0.975))
    return float(low), float(high)


def _long_lists() -> dict[str, Any]:
    schema = answer_schema(load_prompt("findings-1", "findings"))
    findings = schema["properties"]["findings"]
    findings["minItems"] = findings["maxItems"]
    return schema


def _message(seed: int) -> Message:
    noise = np.random.default_rng(seed).integers(0, 255, (64, 64), np.uint8)
    content: list[dict[str, Any]] = [
        {"type": "image", "image": Image.fromarray(noise).convert("RGB")},
        {"type": "text", "text": load_prompt("findings-1", "findings").user},
    ]
    return [{"role": "user", "content": content}]


if __name__ == "__main__":
    main()
