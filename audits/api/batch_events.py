"""`/batches/{id}/events`: a batch's progress, looked at each second and told when it changes."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase

from audits.api.streams import LONGEST_SECONDS, Subject, event, let_go, streamed
from audits.models import Batch
from audits.selectors.batches import batch_progress, batch_state, visible_batches

LOOK_EVERY_SECONDS = 1.0
SILENCE_SECONDS = 15.0
"""After so long without news a comment is sent: proxies end connections that say nothing."""


async def batch_events(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponseBase:
    subject = Subject(
        "batch", batch_id, lambda user: visible_batches(user).filter(pk=batch_id).exists()
    )
    return await streamed(request, subject, lambda: _stream(batch_id))


async def _stream(batch_id: uuid.UUID) -> AsyncIterator[str]:
    """Each change, to the end: nothing is left to do."""
    yield "retry: 3000\n\n"
    ends_at = time.monotonic() + LONGEST_SECONDS
    told: dict[str, Any] = {}
    told_at = 0.0
    while time.monotonic() < ends_at:
        snapshot = await sync_to_async(_snapshot)(batch_id)
        if _news(snapshot) != _news(told):
            told, told_at = snapshot, time.monotonic()
            yield event("batch", snapshot)
        elif time.monotonic() - told_at > SILENCE_SECONDS:
            told_at = time.monotonic()
            yield ": nothing new\n\n"
        if snapshot["progress"]["left"] == 0:
            return
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _snapshot(batch_id: uuid.UUID) -> dict[str, Any]:
    """How the batch stands. The caller may see it: checked when the stream began."""
    try:
        batch = Batch.objects.get(pk=batch_id)
        progress = batch_progress([batch])[batch.pk]
        return {
            "id": str(batch.pk),
            "state": batch_state(batch, progress),
            "progress": progress,
        }
    finally:
        let_go()


def _news(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What counts as a change: the guess at the time left moves by itself."""
    guesses = ("eta_seconds", "rate_per_minute")
    progress = snapshot.get("progress", {})
    return {name: value for name, value in progress.items() if name not in guesses}
