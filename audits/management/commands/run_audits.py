"""Audit stored drafts in a batch, and watch it until it has ended."""

import time
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from audits.errors import ServiceError
from audits.management.progress import ProgressBar
from audits.models import Batch
from audits.selectors.batches import COUNTED, batch_progress
from audits.services.batches import Selection, batch_cancel, batch_create, drafts_of

LOOK_EVERY_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Audit stored drafts by the current models and policy. Drafts that have such an audit "
        "keep it; the workers do the work, and stopping this command stops none of it: "
        "--resume BATCH watches it again, --cancel BATCH stops it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="", help="only cases of this source (slug)")
        parser.add_argument("--case", action="append", help="only cases whose code starts so")
        parser.add_argument("--limit", type=int, default=0, help="at most so many drafts")
        parser.add_argument("--newest", action="store_true", help="only each case's newest draft")
        parser.add_argument("--grounder", default="", help="one of GROUNDERS")
        parser.add_argument("--parser", default="", help="one of PARSERS")
        parser.add_argument("--retry-failed", action="store_true", help="failed ones once more")
        parser.add_argument("--no-wait", action="store_true", help="start them and leave")
        parser.add_argument("--resume", type=UUID, metavar="BATCH", help="watch this batch")
        parser.add_argument("--cancel", type=UUID, metavar="BATCH", help="stop this batch")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cancel"]:
            self._cancel(options["cancel"])
            return
        batch = _batch(options["resume"]) if options["resume"] else self._create(options)
        if batch is None:
            self.stdout.write("No drafts fit.")
        elif options["no_wait"]:
            self.stdout.write(f"{batch.items.count()} audits are in batch {batch.pk}.")
        else:
            self._watch(batch)

    def _create(self, options: dict[str, Any]) -> Batch | None:
        selection = Selection(
            source=options["source"],
            case_codes=tuple(map(_code, options["case"] or ())),
            latest_draft_only=options["newest"],
            limit=options["limit"],
        )
        if not drafts_of(selection).exists():
            return None
        try:
            return batch_create(
                selection=selection,
                actor=None,
                grounder=options["grounder"],
                parser=options["parser"],
                retry_failed=options["retry_failed"],
            )
        except ServiceError as refused:
            raise CommandError(refused.message) from refused

    def _cancel(self, batch_id: UUID) -> None:
        try:
            batch_cancel(batch=_batch(batch_id), actor=None)
        except ServiceError as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write("Cancelled.")

    def _watch(self, batch: Batch) -> None:
        progress = self._followed(batch)
        told = [f"{progress[state]} {state}" for state in COUNTED if progress[state]]
        self.stdout.write(", ".join(told))
        if progress["failed"] or progress["refused"]:
            raise CommandError(
                "Some audits failed or were refused; --retry-failed tries failed ones again."
            )

    def _followed(self, batch: Batch) -> dict[str, Any]:
        """The progress of the batch once nothing is left of it."""
        bar = ProgressBar("audit", batch.items.count())
        while True:
            batch.refresh_from_db()
            progress = batch_progress([batch])[batch.pk]
            bar.show(progress["total"] - progress["left"], f"{progress['failed']} failed")
            if progress["left"] == 0:
                bar.end()
                return progress
            time.sleep(LOOK_EVERY_SECONDS)


def _batch(batch_id: UUID) -> Batch:
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise CommandError(f"There is no batch {batch_id}.")
    return batch


def _code(text: str) -> str:
    if not text or set(text.lower()) - set("0123456789abcdef"):
        raise CommandError(f"{text!r} is no case code; codes are like 3fa9c01d.")
    return text.lower()
