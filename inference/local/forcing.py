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
        self._matchers = [forcing.matcher() for _ in range(rows)]
        self._masks = allocate_token_bitmask(rows, forcing.n_vocab)
        self._ends, self._prompt = forcing.ends, prompt
        self._budget, self._end = thinking, end_thinking
        self._answer_at = [None if end_thinking else 0 for _ in range(rows)]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """``input_ids`` [rows, tokens], ``scores`` [rows, vocabulary]."""
        written = input_ids[:, self._prompt :].tolist()
        for row, tokens in enumerate(written):
            self._restrict(row, tokens)
        bits = np.unpackbits(self._masks.view(np.uint8), axis=1, bitorder="little")
        barred = torch.from_numpy(bits[:, : scores.shape[-1]] == 0)
        return scores.masked_fill(barred.to(scores.device), float("-inf"))

    def _restrict(self, row: int, written: list[int]) -> None:
        """Set the row's mask to what may come next; ``written`` is all but the prompt."""
        matcher = self._matchers[row]
        start = self._answer_at[row]
        if start is None:
            if written[-len(self._end) :] != self._end:
                self._think(row, len(written))
                return
            self._answer_at[row] = len(written)
        elif len(written) > start and not matcher.is_stopped():
            matcher.consume_token(written[-1])
        if matcher.is_stopped():  # nothing can follow: the row ends, or has ended
            self._only(row, self._ends[0])
        else:
            fill_next_token_bitmask(matcher, self._masks, row)

    def _think(self, row: int, spent: int) -> None:
        """Anything but the end of the text, till the budget is spent: then what closes thoughts."""
        over = spent - self._budget
        if over >= 0:
            self._only(row, self._end[over])
            return
        self._masks[row] = -1
        for end in self._ends:
            self._masks[row].view(np.uint8)[end // 8] &= np.uint8(255 ^ (1 << end % 8))

    def _only(self, row: int, token: int) -> None:
        self._masks[row] = 0
        self._masks[row].view(np.uint8)[token // 8] = 1 << token % 8
