"""Compare two versions of a grounder on what is settled, and keep the comparison."""

import json
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from audits.errors import ServiceError
from audits.models import BackendKind, Comparison, ModelVersion, Queue, Source
from audits.selectors.comparing import CaseSet
from audits.services.comparing import comparison_create


class Command(BaseCommand):
    help = (
        "Compare two versions of a grounder over the same cases with settled truth: who answered "
        "first, who was right after. The audits must be there (run_audits makes them). The exit "
        "code is 1 while a version left a case without a usable answer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("a", metavar="A", help="id, hash or version of the one in use")
        parser.add_argument("b", metavar="B", help="id, hash or version of the one to follow")
        parser.add_argument(
            "--set",
            default="all",
            metavar="SET",
            help="queue:NAME, source:SLUG or all (the default) settled cases",
        )
        parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default 0)")
        parser.add_argument("--json", action="store_true", help="the whole report")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = comparison_create(
                a=_version(options["a"]),
                b=_version(options["b"]),
                wanted=_set(options["set"]),
                actor=None,
                seed=options["seed"],
            )
        except ServiceError as refused:
            raise CommandError(refused.message) from refused
        told = json.dumps(made.report) if options["json"] else _told(made)
        self.stdout.write(told)
        if made.red:
            raise CommandError(" ".join(made.warnings))


def _version(text: str) -> ModelVersion:
    """The grounder of this id, or whose version is the text or whose hash begins so."""
    named = Q(version=text) | Q(hash__startswith=text)
    with suppress(ValueError):
        named |= Q(pk=UUID(text))
    found = list(ModelVersion.objects.filter(named, kind=BackendKind.GROUNDER)[:2])
    if len(found) != 1:
        some = "several grounders are" if found else "no grounder is"
        raise CommandError(f"{some} called {text!r}; give the id that the models page shows.")
    return found[0]


def _set(text: str) -> CaseSet:
    what, _, name = text.partition(":")
    if text == "all":
        return CaseSet()
    if what == "queue":
        queue = Queue.objects.filter(name=name).first()
        if queue is not None:
            return CaseSet(queue=queue)
    if what == "source":
        source = Source.objects.filter(slug=name).first()
        if source is not None:
            return CaseSet(source=source)
    raise CommandError(f"There is no set {text!r}: say all, queue:NAME or source:SLUG.")


def _told(made: Comparison) -> str:
    lines = [f"{made.a} (A) and {made.b} (B) on {made.cases} settled cases"]
    if made.left_out:
        lines.append(f"{made.left_out} more did not fit in one comparison")
    for name in ("a", "b"):
        side = made.report["accounting"][name]
        parts = ", ".join(f"{side[word]} {word}" for word in _FATES)
        lines.append(f"{name.upper()}: {parts} of {side['images']}")
    for name, row in made.report["differences"].items():
        lines.append(f"{name}: B - A {_interval(row)}{' *' if row['sure'] else ''}")
    lines.append(f"{len(made.report['cases'])} cases differ; comparison {made.pk}")
    return "\n".join(lines)


_FATES = ("used", "partial", "failed", "missing")


def _interval(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return "not defined"
    if row["low"] is None:
        return f"{row['value']:+.3f}"
    return f"{row['value']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
