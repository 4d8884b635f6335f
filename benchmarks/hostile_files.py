"""Do mutated, lying and packed files hang, kill or get through the door of a running platform?

Pictures are uploaded to a real web process, archives are sent to it in chunks and imported by this
process as a worker does it. Counted: taken, refused with a sentence, refused because the decoder
was lost to it; and every way to fail: an answer of 5xx or none, an import that "went wrong here",
a sentence or a stored byte with one of the planted identifiers, a stored PNG that holds more than
pixels, a file anywhere but in the store. Memory is the most that any web process ever held.

    python -m benchmarks.hostile_files                 10,000 files, writes docs/measurements.md
    python -m benchmarks.hostile_files --files 500 --no-doc
"""

import argparse
import json
import logging
import os
import resource
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

import httpx

from benchmarks._hostile_kinds import Hostile, hostile
from benchmarks._site import Site, site
from benchmarks.detector_tables import write_between
from benchmarks.parser_peers import ROOT
from benchmarks.scrubbing import share
from inference.decoding import WALL_SECONDS
from tests.audits import identifiers as planted
from tests.audits.traces import database, traces, unpacked

DOC = ROOT / "docs" / "measurements.md"
SEED = 20_261_129
THREADS = 4
LIMIT_MB = 500
_LOST = {
    "to decode. Export it again, as a plain PNG": "lost: time",
    "of memory to decode": "lost: memory",
    "brought its decoder down": "lost: crash",
}


@dataclass
class Tally:
    """Counts by format (or by change) and outcome; ``wrong`` tells what must not be."""

    n: Counter[str] = field(default_factory=Counter)
    outcome: Counter[tuple[str, str]] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def add(self, given: Hostile, outcome: str, said: str, seconds: float) -> None:
        self.slowest = max(self.slowest, seconds)
        for group in (given.kind, given.change, "all"):
            self.n[group] += 1
            self.outcome[group, outcome] += 1
        if outcome == "wrong" or seconds > WALL_SECONDS + 30:
            self.wrong.append(f"{given.kind}, {given.change}: {said or 'too late'}")
        elif traces(planted.SECRETS, {"answer": said.encode()}):
            self.wrong.append(f"{given.kind}, {given.change}: an answer with an identifier")
        elif outcome != "taken":
            self.sentences[said] += 1
            if not said:
                self.wrong.append(f"{given.kind}, {given.change}: refused without a word")


# --- Through the doors ----------------------------------------------------------------------------


class Door:
    """A curator's client of the running site."""

    def __init__(self, port: int) -> None:
        from audits.models import User  # noqa: PLC0415 - after Django is set up

        User.objects.create_user("curator", password="not a secret", is_curator=True)
        self.port = port
        # A connection each: one that is kept may be closed by the server as it is used again.
        each_its_own = httpx.Limits(max_keepalive_connections=0)
        address = f"http://127.0.0.1:{port}/api/v1/"
        self.http = httpx.Client(base_url=address, timeout=600, limits=each_its_own)
        asked = {"username": "curator", "password": "not a secret"}
        token = self.http.post("auth/token", json=asked).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def send(self, given: Hostile) -> tuple[str, str]:
        """What became of it, and the words said about it."""
        return self._import(given) if given.kind == "ZIP" else self._upload(given)

    def _upload(self, given: Hostile) -> tuple[str, str]:
        try:
            answer = self.http.post("cases", files={"image": (given.name, given.data)})
        except httpx.HTTPError as error:
            return "wrong", type(error).__name__
        return _judged(answer)

    def _import(self, given: Hostile) -> tuple[str, str]:
        from audits.services.imports.run import import_run  # noqa: PLC0415

        asked = {"source": "upload", "size": len(given.data)}
        made = self.http.post("imports", json=asked)
        if made.status_code != 201:
            return _judged(made)
        address, chunk = f"imports/{made.json()['id']}", 8 * 2**20
        for at in range(0, len(given.data), chunk):
            self.http.put(
                f"{address}/content",
                content=given.data[at : at + chunk],
                headers={"Upload-Offset": str(at), "Content-Type": "application/octet-stream"},
            ).raise_for_status()
        self.http.post(f"{address}/start", json={}).raise_for_status()
        import_run(import_id=UUID(made.json()["id"]))
        body = self.http.get(address).json()
        rows = self.http.get(f"{address}/rows").json()["results"]
        told = json.dumps([body["failure"], [row["reason"] for row in rows]])
        if "went wrong here" in told or "could not be" in told or body["state"] not in _ENDS:
            return "wrong", told
        return ("taken" if body["counts"]["created"] else "refused"), told

    def announce(self, size: int) -> str:
        """The status line for an upload that announces so many bytes and sends a few."""
        token = self.http.headers["Authorization"]
        head = (
            f"POST /api/v1/cases HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {size}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as line:
            line.sendall(head.encode() + b"--x\r\n" + bytes(1000))
            line.shutdown(socket.SHUT_WR)
            return line.recv(4096).split(b"\r\n")[0].decode()


_ENDS = ("done", "failed")


def _judged(answer: httpx.Response) -> tuple[str, str]:
    if answer.status_code == 201:
        return "taken", answer.text
    if not 400 <= answer.status_code < 500:
        return "wrong", f"answered {answer.status_code}"
    said = str(answer.json()["error"]["message"])
    return next((lost for words, lost in _LOST.items() if words in said), "refused"), said


def run(count: int, door: Door) -> Tally:
    from django.db import connection  # noqa: PLC0415

    def timed(given: Hostile) -> tuple[Hostile, str, str, float]:
        began = time.monotonic()
        try:
            return given, *door.send(given), time.monotonic() - began
        finally:
            connection.close()

    tally, files = Tally(), hostile(count, SEED)
    with ThreadPoolExecutor(THREADS) as pool:
        while batch := list(islice(files, 64)):
            for judged in pool.map(timed, batch):
                tally.add(*judged)
            if tally.n["all"] % 1024 == 0:
                print(tally.n["all"], len(tally.wrong), flush=True)
    for size in (2**31 - 1, 2**31, 2**40):
        status = door.announce(size)
        tally.add(Hostile("HTTP", "2 GB announced", b""), *_of_status(status), 0.0)
    return tally


def _of_status(status: str) -> tuple[str, str]:
    return ("refused", status) if " 4" in status[:14] else ("wrong", status or "no answer")


# --- What is left behind --------------------------------------------------------------------------


def left_behind(up: Site) -> Iterator[str]:
    """Identifiers in what is stored, logged or in the database; files outside of the store."""
    media = Path(up.environment["MEDIA_ROOT"])
    for path in media.rglob("*"):
        if path.is_file():
            try:
                yield from traces(planted.SECRETS, unpacked(path.name, path.read_bytes()))
            except AssertionError:
                yield f"{path.name} holds more than pixels"
    logs = {"log": (up.folder / "web.log").read_bytes()}
    # Gunicorn's words for a web process that died or hung.
    deaths = (b"WORKER TIMEOUT", b"was sent SIG", b"exited with code")
    yield from (f"web process: {said.decode()}" for said in deaths if said in logs["log"])
    yield from traces(planted.SECRETS, {**database(), **logs})
    yield from (f"{path} outside of the store" for path in scratch(up).rglob("*"))


def scratch(up: Site) -> Path:
    return Path(up.environment["TMPDIR"])


def around(up: Site) -> set[str]:
    """Names of all that lies where a file could be dropped, but for the site's own."""
    own = {up.folder / name for name in ("media", "postgres", "valkey", "records", "logs")}
    places = [ROOT, Path("/etc"), Path.home(), *up.folder.iterdir()]
    found = set()
    for place in places:
        if place not in own:
            found |= {str(path) for path in place.glob("*")} | {str(place)}
    return found


def most_held(up: Site) -> float:
    """MB that any of the web processes held at most."""
    assert up.web is not None
    children = Path(f"/proc/{up.web.pid}/task/{up.web.pid}/children").read_text().split()
    held = []
    for pid in (str(up.web.pid), *children):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        held.append(next(int(line.split()[1]) / 1024 for line in status if "VmHWM" in line))
    return max(held)


# --- The report -----------------------------------------------------------------------------------


def report(tally: Tally, web_mb: float, left: list[str]) -> list[str]:
    outcomes = ["taken", "refused", "lost: time", "lost: memory", "lost: crash", "wrong"]
    lines = [
        "| files | n | " + " | ".join(outcomes) + " |",
        "|---|" + "---|" * (len(outcomes) + 1),
    ]
    for group, n in sorted(tally.n.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        cells = [str(tally.outcome[group, outcome]) for outcome in outcomes]
        lines.append(f"| {group} | {n:,} | " + " | ".join(cells) + " |")
    n, wrong = tally.n["all"], tally.wrong + left
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += [
        "",
        f"Hung, crashed, answered 5xx, or let through with an identifier: "
        f"{share(len(tally.wrong), n)}, n = {n:,}. {len(tally.sentences)} different sentences.",
        f"Left behind outside of the store, or with an identifier: {len(left) or 'nothing'}.",
        f"No web process ever held more than {web_mb:.0f} MB (goal {LIMIT_MB}: "
        f"{'met' if web_mb < LIMIT_MB else 'MISSED'}); the one that imported, with these files "
        f"made in it, {held:.0f} MB. Decoders are held to their limit by the kernel.",
        *(f"WRONG: {one}" for one in wrong[:20]),
    ]
    return lines


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--no-doc", action="store_true", help="print only")
    args = parser.parse_args(argv)
    with (
        tempfile.TemporaryDirectory(prefix="overread-bench-tmp-") as temporary,
        site(GROUNDER="embedded", TMPDIR=temporary) as up,
    ):
        logging.disable(logging.INFO)
        door = Door(up.serve())
        before = around(up)
        tally = run(args.files, door)
        left = [*left_behind(up), *sorted(around(up) - before)]
        web_mb = most_held(up)
    lines = report(tally, web_mb, left)
    print("\n".join(lines))
    if not args.no_doc:
        write_between("hostile_files", "\n".join(lines), DOC)
    return 1 if tally.wrong or left or web_mb >= LIMIT_MB else 0


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    raise SystemExit(main())
