"""Build a release of everything that was reviewed, and write its archive to a file."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from audits.errors import ServiceError
from audits.management.people import administrator
from audits.management.progress import ProgressBar
from audits.services.releases.build import (
    STEPS,
    build_release,
    publish_release,
    request_release,
)
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path


class Command(BaseCommand):
    help = "Build a release of the reviewed audits. Research and education only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", help="who makes it (default: the first administrator)")
        parser.add_argument("--name", default="", help="default: overread-reviewed")
        parser.add_argument("--version-number", default="", help="default: the next minor version")
        parser.add_argument(
            "--queue", action="append", default=[], type=UUID, help="only reads of this queue (id)"
        )
        parser.add_argument(
            "--source", action="append", default=[], help="only cases of this source (slug)"
        )
        parser.add_argument("--out", type=Path, help="also write the ZIP archive here")
        parser.add_argument("--publish", action="store_true", help="freeze it for ever")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = administrator(options["user"])
        bar = ProgressBar("steps", len(STEPS))
        try:
            release = request_release(
                actor=actor,
                name=options["name"],
                version=options["version_number"],
                queues=tuple(map(str, options["queue"])),
                sources=tuple(options["source"]),
            )
            build_release(release_id=release.pk, tell=bar.show)
            bar.end()
            if options["publish"]:
                publish_release(release_id=release.pk, actor=actor)
        except ServiceError as refused:
            raise CommandError(refused.message) from refused
        release.refresh_from_db()
        if options["out"]:
            with (
                default_storage.open(file_path(release, ARCHIVE), "rb") as stored,
                options["out"].open("wb") as out,
            ):
                shutil.copyfileobj(stored, out)
        self.stdout.write(f"{release} is {release.state}")
        for table, rows in release.counts.items():
            self.stdout.write(f"  {table}: {rows} rows")
        for row in release.refused:
            self.stdout.write(f"  stayed behind ({row['reason']}): {row['count']} {row['what']}")
