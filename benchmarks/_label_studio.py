"""Label Studio as a peer: installed in an environment of its own, with tasks and readers.

    python -m benchmarks._label_studio --folder /tmp/label-studio --tasks 10000 --annotated

installs it, loads tasks, each with an annotation if asked for, and says how to start it. The folder
holds ``venv``, ``start.sh`` and ``data``: its SQLite database, as `label-studio start` makes it.
"""

import argparse
import http.cookiejar
import json
import os
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks._http import Client
from bootstrap.ports import answers, free_port
from bootstrap.processes import wait_until

VERSION = "1.23.2"
ADMIN, PASSWORD = "peer@example.org", "peer-password"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
PROJECT = "chest films"
READY_SECONDS = 1800  # its migrations take minutes on a busy machine
CONFIG = """<View><Image name="image" value="$image"/><Text name="draft" value="$draft"/>
<RectangleLabels name="box" toName="image"><Label value="cardiomegaly"/></RectangleLabels>
<Choices name="verdict" toName="image"><Choice value="confirmed"/><Choice value="dismissed"/>
</Choices></View>"""
ANNOTATION = [
    {
        "id": "box",
        "from_name": "box",
        "to_name": "image",
        "type": "rectanglelabels",
        "original_width": 1024,
        "original_height": 1024,
        "value": {
            "x": 30.0,
            "y": 40.0,
            "width": 50.0,
            "height": 40.0,
            "rotation": 0,
            "rectanglelabels": ["cardiomegaly"],
        },
    },
    {
        "id": "verdict",
        "from_name": "verdict",
        "to_name": "image",
        "type": "choices",
        "value": {"choices": ["confirmed"]},
    },
]
"""What a reader sends of a task: one box and one verdict."""
DRAFT = "Heart size normal. Small right pleural effusion. No pneumothorax."


@dataclass(frozen=True)
class LabelStudio:
    """One that answers: where, and its project of films."""

    folder: Path
    port: int

    def admin(self) -> Client:
        return Client(self.port, TOKEN, "Token")

    def project(self) -> int:
        """The project's id; made at the first call. A task needs one annotation."""
        admin = self.admin()
        for known in admin.get("/api/projects/?page_size=1000")["results"]:
            if known["title"] == PROJECT:
                return int(known["id"])
        made = {"title": PROJECT, "label_config": CONFIG, "maximum_annotations": 1}
        return int(admin.post("/api/projects/", made)["id"])

    def load(self, project: int, tasks: int, *, annotated: bool = False) -> None:
        """Tasks up to that number, a thousand at a time."""
        admin = self.admin()
        have = int(admin.get(f"/api/projects/{project}/")["task_number"])
        while have < tasks:
            more = min(1000, tasks - have)
            rows = [_task(have + k, annotated=annotated) for k in range(more)]
            admin.post(f"/api/projects/{project}/import", rows)
            have += more

    def reader(self, name: str) -> Client:
        """Somebody who signed up as a person does, with the token that they find on their page."""
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
        )
        url = f"http://127.0.0.1:{self.port}"
        browser.open(f"{url}/user/signup/").read()
        form = {
            "email": f"{name}@example.org",
            "password": PASSWORD,
            "csrfmiddlewaretoken": next(each.value for each in jar if each.name == "csrftoken"),
        }
        sent = urllib.request.Request(
            f"{url}/user/signup/",
            urllib.parse.urlencode(form).encode(),
            {"Referer": f"{url}/user/signup/"},
        )
        browser.open(sent).read()
        with browser.open(f"{url}/api/current-user/token") as answer:
            return Client(self.port, json.load(answer)["token"], "Token")


def _task(number: int, *, annotated: bool) -> dict[str, object]:
    data = {"image": f"/films/{number}.png", "draft": DRAFT}
    return {"data": data, "annotations": [{"result": ANNOTATION}] if annotated else []}


def install(folder: Path) -> None:
    """Its environment, once, with the script that starts it."""
    if not (folder / "venv" / "ready").exists():
        folder.mkdir(parents=True, exist_ok=True)
        python = folder / "venv" / "bin" / "python"
        uv = [sys.executable, "-m", "uv"]
        if not python.exists():
            subprocess.run([*uv, "venv", str(folder / "venv")], check=True)
        wanted = ["--python", str(python), f"label-studio=={VERSION}"]
        subprocess.run([*uv, "pip", "install", *wanted], check=True)
        (folder / "venv" / "ready").touch()
    script = folder / "start.sh"
    script.write_text(
        "#!/bin/sh\n# Label Studio as `label-studio start` runs it: ./start.sh PORT [DATA]\n"
        f"exec env HOME={folder} COLLECT_ANALYTICS=false LATEST_VERSION_CHECK=false SENTRY_DSN= "
        f"FRONTEND_SENTRY_DSN= {folder}/venv/bin/label-studio start --no-browser "
        f"--data-dir ${{2:-{folder}/data}} --port $1 --username {ADMIN} --password {PASSWORD} "
        f"--user-token {TOKEN} --enable-legacy-api-token --log-level ERROR\n"
    )
    script.chmod(0o755)


@contextmanager
def label_studio(folder: Path, data: Path | None = None) -> Iterator[LabelStudio]:
    """It runs inside the block, on ``data`` (the folder's own); what it holds stays there."""
    install(folder)
    port = free_port()
    with (folder / "label-studio.log").open("ab") as log:
        process = subprocess.Popen(
            [str(folder / "start.sh"), str(port), str(data or folder / "data")],
            cwd=folder,
            stdout=log,
            stderr=log,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            start_new_session=True,
        )
    try:
        asked = b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"
        if not wait_until(lambda: answers(port, asked, b"200 OK"), READY_SECONDS, every=0.5):
            raise RuntimeError(f"Label Studio did not start: see {folder}/label-studio.log")
        yield LabelStudio(folder, port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--annotated", action="store_true", help="one annotation each")
    args = parser.parse_args()
    with label_studio(args.folder) as peer:
        project = peer.project()
        peer.load(project, args.tasks, annotated=args.annotated)
    print(f"Project {project} has {args.tasks} tasks: {args.folder}/start.sh PORT starts it.")


if __name__ == "__main__":
    main()
