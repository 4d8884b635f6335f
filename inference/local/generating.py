"""Questions to a model in this process, several in one ``generate``.

Needs requirements-models.txt.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from transformers import LogitsProcessorList

from inference.generation.ladder import Rung
from inference.local.forcing import ForcedAnswer, Forcing
from inference.local.ladder import Message
from inference.local.loading import Loaded
from inference.local.settings import LocalSettings
from inference.schema import Attempt

THOUGHTS, END_OF_THOUGHTS = "<think>", "</think>"


class Generator:
    """Answers messages in batches of at most ``settings.batch``."""

    def __init__(
        self, loaded: Loaded, settings: LocalSettings, schema: dict[str, Any] | None
    ) -> None:
        self._loaded, self._settings = loaded, settings
        self._eos = _eos(loaded)
        self._end = (
            loaded.tokenizer.encode(END_OF_THOUGHTS, add_special_tokens=False)
            if settings.thinking
            else []
        )
        width = loaded.model.get_input_embeddings().weight.shape[0]
        self._forcing = (
            None if schema is None else Forcing(loaded.tokenizer, width, self._eos, schema)
        )

    def answers(self, messages: Sequence[Message], rung: Rung) -> Iterator[Attempt | None]:
        """An attempt each, in order, its outcome still open.

        Where memory runs out the batch is halved, and halved again; ``None`` stands for a
        question that does not fit alone.
        """
        size, done = self._settings.batch, 0
        while done < len(messages):
            batch = messages[done : done + size]
            made = self._fitting(batch, rung)
            if made is None and len(batch) > 1:
                size = len(batch) // 2
                continue
            yield from made if made is not None else (None,)
            done += len(batch)

    def _fitting(self, batch: Sequence[Message], rung: Rung) -> list[Attempt] | None:
        try:
            return self._generate(batch, rung)
        except (torch.OutOfMemoryError, MemoryError):
            pass  # outside this block, so that the error's frames no longer hold the batch
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return None

    def _generate(self, messages: Sequence[Message], rung: Rung) -> list[Attempt]:
        started = time.monotonic()
        inputs = self._inputs(messages)
        prompt = inputs["input_ids"].shape[1]
        sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None}
        if rung.temperature:
            torch.manual_seed(rung.seed)
            sampling = {
                "do_sample": True, "temperature": rung.temperature, "top_p": rung.top_p,
            }  # fmt: skip
        with torch.inference_mode():
            written = self._loaded.model.generate(
                **inputs,
                **sampling,
                top_k=None,
                max_new_tokens=self._settings.max_tokens + self._settings.thinking,
                pad_token_id=self._loaded.tokenizer.pad_token_id,
                eos_token_id=self._eos,
                logits_processor=self._processors(len(messages), prompt),
            )
        ms = round((time.monotonic() - started) * 1000)
        sizes = inputs["attention_mask"].sum(dim=1).tolist()
        rows = written[:, prompt:].tolist()
        return [
            self._attempt(row, size, ms, rung, len(messages))
            for row, size in zip(rows, sizes, strict=True)
        ]

    def _inputs(self, messages: Sequence[Message]) -> Any:
        padded = {"padding": True, "padding_side": "left"}
        sees = self._loaded.reader is not self._loaded.tokenizer
        extra: dict[str, Any] = (
            {"processor_kwargs": padded}
            if sees
            else {**padded, "enable_thinking": self._settings.thinking > 0}
        )
        model = self._loaded.model
        inputs = self._loaded.reader.apply_chat_template(
            list(messages),
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
            **extra,
        ).to(model.device)
        if "pixel_values" in inputs:
            inputs["pixel_values"] = inputs["pixel_values"].to(model.dtype)
        return inputs

    def _processors(self, rows: int, prompt: int) -> LogitsProcessorList:
        if self._forcing is None:
            return LogitsProcessorList()
        thinking = self._settings.thinking
        return LogitsProcessorList([ForcedAnswer(self._forcing, rows, prompt, thinking, self._end)])

    def _attempt(self, row: list[int], tokens: int, ms: int, rung: Rung, batch: int) -> Attempt:
        """``ms`` is the whole batch's. Marks of thinking are special tokens of some models, so
        special tokens are kept in the text, up to the one that ends it. The mark that opens the
        thoughts stands in the prompt: it is put back, or a second one would pass for it."""
        ends = [row.index(end) for end in self._eos if end in row]
        kept = row[: min(ends)] if ends else row
        text = self._loaded.tokenizer.decode(kept, skip_special_tokens=False)
        if self._end and not text.lstrip().startswith(THOUGHTS):
            text = THOUGHTS + text
        return Attempt(
            outcome="failed",
            raw=text.replace("\0", "\ufffd"),
            ms=ms,
            settings={**rung._asdict(), "batch": batch, "finish": "stop" if ends else "length"},
            tokens_in=tokens,
            tokens_out=len(kept),
        )


def _eos(loaded: Loaded) -> list[int]:
    """Every token that ends an answer: Gemma's ``<end_of_turn>`` is not its tokenizer's own."""
    told = loaded.model.generation_config.eos_token_id
    ends = told if isinstance(told, list) else [told]
    return [end for end in dict.fromkeys([*ends, loaded.tokenizer.eos_token_id]) if end is not None]
