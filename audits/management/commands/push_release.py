"""Hand a published release on: to a folder, or to a dataset repository of the Hugging Face hub."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audits.errors import ServiceError
from audits.management.people import administrator
from audits.models import Release
from audits.services.releases.push import push_to_folder, push_to_hub

_HUB = "hf://datasets/"


class Command(BaseCommand):
    help = "Hand a published release on, each file compared with its hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="of the release, such as overread-reviewed")
        parser.add_argument("version_number", help="such as 1.2.0")
        parser.add_argument(
            "--to",
            required=True,
            help=f"a folder that is not there, or {_HUB}OWNER/NAME (token: HF_TOKEN)",
        )
        parser.add_argument("--public", action="store_true", help="make a new repository public")
        parser.add_argument("--user", help="who does it (default: the first administrator)")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = administrator(options["user"])
        named = {"name": options["name"], "version": options["version_number"]}
        release = Release.objects.filter(**named).first()
        if release is None:
            raise CommandError(f"There is no release {named['name']} {named['version']}.")
        to = options["to"]
        try:
            if to.startswith(_HUB):
                repository = to.removeprefix(_HUB)
                address = push_to_hub(
                    release=release, repository=repository, actor=actor, public=options["public"]
                )
                self.stdout.write(f"{release} is at {address}")
            elif push_to_folder(release=release, folder=Path(to), actor=actor):
                self.stdout.write(f"{release}: {len(release.files)} files are in {to}")
            else:
                self.stdout.write(f"{release} was in {to} already, whole")
        except ServiceError as refused:
            raise CommandError(refused.message) from refused
