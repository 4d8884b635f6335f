"""The container files: linted, and at one with the settings and the processes of `make run`.

No engine runs here, so nothing is built; `docs/operations.md` says so.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from bootstrap.configuration import Site
from bootstrap.layout import ROOT
from bootstrap.run import programs
from tests.bootstrap.places import layout_at

SETTINGS = (ROOT / "auditsite" / "settings.py").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
"""Anchors are merged; what stands in ${...} is not replaced."""


def settings_read() -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', SETTINGS))


def test_every_setting_stands_in_the_table() -> None:
    table = SETTINGS.split('"""')[1]
    assert settings_read() - set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", table)) == set()


def test_the_dockerfile_is_clean() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [hadolint, "Dockerfile"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_image_copies_is_there() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.M)
    missing = [name for line in copied for name in line.split() if not (ROOT / name).exists()]
    assert copied and missing == []


def test_containers_are_given_only_settings_there_are() -> None:
    platform = [s for s in COMPOSE["services"].values() if s.get("build")]
    given = {name for service in platform for name in service["environment"]}
    assert len(platform) == 7
    assert given <= settings_read()


def test_every_process_of_make_run_has_its_container(tmp_path: Path) -> None:
    """Profile cpu does what `make run` does; profile gpu divides the worker's queues."""
    services = COMPOSE["services"]
    names = {name for name, service in services.items() if not service.get("profiles")}
    run_here = programs(layout_at(tmp_path), {}, Site("127.0.0.1", 8000, 8001))
    assert {program.name for program in run_here} <= names | {"worker"}
    queues = {
        name: set(option_of(services[name]["command"], "--queues").split(","))
        for name in ("worker", "worker-cpu", "worker-gpu")
    }
    assert queues["worker"] == queues["worker-cpu"] | queues["worker-gpu"] == {"cpu", "gpu"}
    assert services["worker"]["profiles"] == ["cpu"]


def option_of(command: list[str], name: str) -> str:
    return command[command.index(name) + 1]
