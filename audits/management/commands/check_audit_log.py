"""Check the audit log's hash chain, and say how much of the log is not sealed yet."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audits.models import AuditLogSeal
from audits.services.sealing import chain_breaks, unsealed

LONGEST_UNSEALED = timedelta(minutes=10)


class Command(BaseCommand):
    help = (
        "Check every sealed entry of the audit log against its hash. The exit code is 1 if one is "
        "missing, changed or moved, or if entries wait for their seal for more than 10 minutes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head", default="", help="a head printed before, which must still be in the chain"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        breaks = 0
        for broken in chain_breaks():
            breaks += 1
            self.stdout.write(f"{broken.position} {broken.entry_id}: {broken.reason}")
        last = AuditLogSeal.objects.order_by("-position").first()
        waiting = unsealed()
        late = waiting.filter(at__lt=timezone.now() - LONGEST_UNSEALED).count()
        self.stdout.write(
            f"sealed {last.position if last else 0}, unsealed {waiting.count()}, breaks {breaks}, "
            f"head {last.hash if last else '-'}"
        )
        head = options["head"]
        if head and not AuditLogSeal.objects.filter(hash=head).exists():
            raise CommandError("That head is not in the chain: its end was cut off or replaced.")
        if breaks:
            raise CommandError(f"The chain is broken in {breaks} places.")
        if late:
            raise CommandError(f"{late} entries wait for their seal: is the beat running?")
