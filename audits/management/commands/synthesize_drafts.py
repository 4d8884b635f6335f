"""Write synthetic drafts of stored cases that came with findings, for a benchmark."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.errors import ServiceError
from audits.management.progress import ProgressBar
from audits.models import Case, Source
from audits.services.drafts import Recipe, drafts_synthesize
from inference.synthesis import KINDS


class Command(BaseCommand):
    help = (
        "Write drafts, faithful or corrupted in one way, of a source's cases with recorded "
        "findings, and keep the flags that each deserves. The same again makes nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", required=True, help="slug")
        parser.add_argument(
            "--kinds", nargs="+", choices=list(KINDS), default=["drop", "add", "control"]
        )
        parser.add_argument("--count", type=int, required=True)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--audit", action="store_true", help="start an audit of each draft")

    def handle(self, *args: Any, **options: Any) -> None:
        if not Source.objects.filter(slug=options["source"]).exists():
            raise CommandError(f"There is no source {options['source']!r}.")
        bar = ProgressBar("write", options["count"])
        try:
            made = drafts_synthesize(
                cases=Case.objects.filter(source__slug=options["source"]),
                recipe=Recipe(
                    list(dict.fromkeys(options["kinds"])),
                    options["count"],
                    options["seed"],
                    start_audits=options["audit"],
                ),
                actor=None,
                tell=bar.show,
            )
        except ServiceError as refused:
            raise CommandError(refused.message) from refused
        bar.end()
        for kind, labels in made.lacking.items():
            self.stderr.write(f"no case can give a {kind} of {', '.join(labels)}")
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(made.kinds.items()))
        self.stdout.write(f"{made.created} new drafts ({kinds or 'none'}), {made.known} known,")
        self.stdout.write(f"of {made.cases} cases with findings; batch {made.batch}")
