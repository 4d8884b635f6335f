"""Start audits of stored drafts, and watch them until they have ended."""

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from audits.errors import ServiceError
from audits.management.progress import ProgressBar
from audits.models import ENDED_STATES, Audit, AuditState, Draft
from audits.services.audits import audit_retry, audit_start

LOOK_EVERY_SECONDS = 0.5
BATCH = 1000


class Command(BaseCommand):
    help = (
        "Audit stored drafts by the current models and policy. Drafts that have such an audit "
        "keep it; the workers do the work, and stopping this command stops none of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", help="only cases of this source (slug)")
        parser.add_argument("--case", action="append", help="only cases whose code starts so")
        parser.add_argument("--limit", type=int, help="at most so many drafts")
        parser.add_argument("--retry-failed", action="store_true", help="failed ones once more")
        parser.add_argument("--no-wait", action="store_true", help="start them and leave")

    def handle(self, *args: Any, **options: Any) -> None:
        drafts = self._selected(options)
        keys = list(drafts.values_list("pk", flat=True)[: options["limit"]])
        if not keys:
            self.stdout.write("No drafts fit.")
            return
        audits = self._start(keys, retry=options["retry_failed"])
        if options["no_wait"]:
            self.stdout.write(f"{len(audits)} audits are queued or were there before.")
            return
        states = self._watch(audits)
        self.stdout.write(", ".join(f"{count} {state}" for state, count in sorted(states.items())))
        if states[AuditState.FAILED.value]:
            raise CommandError("Some audits failed; --retry-failed tries them again.")

    def _selected(self, options: dict[str, Any]) -> QuerySet[Draft]:
        drafts = Draft.objects.order_by("created_at", "id")
        if options["source"]:
            drafts = drafts.filter(case__source__slug=options["source"])
        if options["case"]:
            drafts = drafts.filter(
                case__pixels_sha256__regex="^(" + "|".join(map(_code, options["case"])) + ")"
            )
        return drafts

    def _start(self, keys: list[UUID], *, retry: bool) -> list[UUID]:
        bar = ProgressBar("start", len(keys))
        audits = []
        for done, key in enumerate(keys, start=1):
            try:
                audit = audit_start(draft=Draft.objects.get(pk=key), actor=None)
                if retry and audit.state == AuditState.FAILED:
                    audit = audit_retry(audit=audit, actor=None)
            except ServiceError as refused:
                raise CommandError(refused.message) from refused
            audits.append(audit.pk)
            bar.show(done)
        bar.end()
        return audits

    def _watch(self, audits: list[UUID]) -> Counter[str]:
        bar = ProgressBar("audit", len(audits))
        while True:
            states = _states(audits)
            ended = sum(states[state.value] for state in ENDED_STATES)
            bar.show(ended, f"{states[AuditState.FAILED.value]} failed")
            if ended == len(audits):
                bar.end()
                return states
            time.sleep(LOOK_EVERY_SECONDS)


def _code(text: str) -> str:
    if not text or set(text.lower()) - set("0123456789abcdef"):
        raise CommandError(f"{text!r} is no case code; codes are like 3fa9c01d.")
    return text.lower()


def _states(audits: list[UUID]) -> Counter[str]:
    states: Counter[str] = Counter()
    for start in range(0, len(audits), BATCH):
        batch = Audit.objects.filter(pk__in=audits[start : start + BATCH])
        states.update(batch.values_list("state", flat=True))
    return states
