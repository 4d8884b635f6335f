"""Forces what a model writes to a JSON schema, token by token (llguidance).

Needs requirements-models.txt.
"""

import json
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask
from transformers import LogitsProcessor

# The spacing of Python's own json, which models were trained on; no other, or a model may fill
# its tokens with spaces.
_SPACING = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}


class Forcing:
    """One tokenizer's grammars. Making it takes about a second: keep it with the model.

    ``n_vocab`` is the width of the model's logits, which may be wider than the tokenizer.
    """

    def __init__(self, tokenizer: Any, n_vocab: int, eos: list[int], schema: dict[str, Any]):
        self._tokenizer = from_tokenizer(tokenizer, n_vocab=n_vocab, eos_token=eos)
        self._grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=_SPACING)
        self.n_vocab, self.ends = n_vocab, eos

    def matcher(self) -> LLMatcher:
        return LLMatcher(self._tokenizer, self._grammar)


class ForcedAnswer(LogitsProcessor):
    """Leaves only the tokens that the schema allows next. One ``generate`` call each.

    Where the prompt has the model think first, the answer begins after ``end_thinking`` (the
    tokens that end the thoughts), which is written for it after ``thinking`` tokens.
    """

    def __init__(
        self, forcing: Forcing, rows: int, prompt: int, thinking: int, end_thinking: list[int]
    ) -> None:
        self._ends = forcing.ends
        self._matchers = [forcing.matcher() for _ in range(rows)]
        self._mask = allocate_token_bitmask(1, forcing.n_vocab)
        self._prompt, self._budget, self._end = prompt, thinking, end_thinking
        self._answer_at = [None if end_thinking else prompt for _ in range(rows)]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """``input_ids`` [rows, tokens], ``scores`` [rows, vocabulary]."""
        for row, matcher in enumerate(self._matchers):
            written = input_ids[row].tolist()
            allowed = self._allowed(row, matcher, written, scores.shape[-1])
            if allowed is not None:
                barred = torch.from_numpy(~allowed).to(scores.device)
                scores[row] = scores[row].masked_fill(barred, float("-inf"))
        return scores

    def _allowed(
        self, row: int, matcher: LLMatcher, written: list[int], width: int
    ) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
        """Which tokens may come next; ``None`` leaves the choice to the model."""
        start = self._answer_at[row]
        if start is None:
            thoughts = self._thinking(written, width)
            if thoughts is not None:
                return thoughts
            self._answer_at[row] = len(written)
        elif len(written) > start and not matcher.is_stopped():
            matcher.consume_token(written[-1])
        if matcher.is_stopped():  # nothing can follow: the row ends, or has ended
            return np.arange(width) == self._ends[0]
        fill_next_token_bitmask(matcher, self._mask)
        bits = np.unpackbits(self._mask[0].view(np.uint8), bitorder="little")
        return bits[:width].astype(bool)

    def _thinking(
        self, written: list[int], width: int
    ) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
        """``None`` once the thoughts are closed; till then anything but the end of the text, and
        what closes them when their budget is spent."""
        thought = written[self._prompt :]
        if thought[-len(self._end) :] == self._end:
            return None
        over = len(thought) - self._budget
        tokens = np.arange(width)
        return tokens == self._end[over] if over >= 0 else ~np.isin(tokens, self._ends)
