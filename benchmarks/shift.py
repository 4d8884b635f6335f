"""A whole shift by script: is the agreement that the platform reports the one that others compute?

Three readers and one adjudicator work a blind-first queue, two reads an item, to its end over HTTP.
Readers change their minds, take answers back, give items back, skip some and add what was missed;
the adjudicator reopens reads and settles every difference. Then a release is made, and percent,
Gwet's AC1 and Krippendorff's alpha of every label and kind of flag are computed from its rows by
`irrCAC` and `krippendorff` (in an environment of their own: irrCAC pins an old scipy) and held
against what the queue reports. The log's chain is checked at the end.

    python -m benchmarks.shift                 200 audits; `make test` works 12
"""

import argparse
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks._http import Client
from benchmarks._shift_people import Adjudicator, Reader, at_once
from benchmarks._site import site
from bootstrap.layout import ROOT
from inference.vocabulary import LABELS, State

VERDICTS = ("confirmed", "dismissed", "indeterminate")
STATES = tuple(state.value for state in State)
API = "/api/v1"
PEERS = ("irrCAC==0.4.4", "krippendorff==0.9.0")
NEAR = 6e-6
"""irrCAC rounds to five digits."""
Row = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--audits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261129)
    args = parser.parse_args()
    with site(PLAIN_HTTP="1") as up:
        _films(args.audits)
        work, told = shift(up.serve(), args.audits, args.seed)
        units = ratings(release_rows(work["queue"]))
        work["chain"] = checked_chain()
    faults = differences(told, computed_by_peers(units))
    print(json.dumps({**work, "groups compared": len(told), "faults": faults}, indent=1))
    sys.exit(1 if faults else 0)


def _films(audits: int) -> None:
    from audits.models import Case, Draft  # noqa: PLC0415 - Django is set up now
    from benchmarks._many_audits import done_audits  # noqa: PLC0415

    done_audits(audits)
    # Nothing of them is to stay behind in the release: it is compared with the queue.
    Case.objects.update(burned_in=False)
    Draft.objects.update(scrubbed={})


def shift(port: int, audits: int, seed: int) -> tuple[Row, list[Row]]:
    """Everybody's work to the end over HTTP, on all audits there are: what was done, and the rows
    of agreement that the queue reports."""
    curator = _client(port, "curator-of-shift", is_curator=True)
    rules = {"mode": "blind_first", "reads_per_item": 2, "unflagged_share": 1.0}
    queue = curator.post(f"{API}/queues", {"name": "shift", "open_to_all": False, **rules})["id"]
    filled = curator.post(f"{API}/queues/{queue}/fill", {})
    assert filled["added"] == audits, filled
    names = ("ana", "ben", "cyd")
    readers = [
        Reader(_client(port, name), queue, seed + k, skips=k == 0) for k, name in enumerate(names)
    ]
    adjudicator = Adjudicator(_client(port, "judge"), queue, seed)
    for name in (*names, "judge"):
        role = "adjudicator" if name == "judge" else "reviewer"
        curator.post(f"{API}/queues/{queue}/members", {"username": name, "role": role})
    at_once(readers)
    reopened = adjudicator.reopen(max(2, audits // 20))
    at_once(readers)
    settled = adjudicator.settle_all()
    counts = curator.get(f"{API}/queues/{queue}")["counts"]
    assert counts["submitted"] == counts["slots"] == 2 * audits, counts
    everybody = [reader.client for reader in readers] + [curator, adjudicator.client]
    did = {
        "queue": queue,
        "audits": audits,
        "reads": {name: reader.submitted for name, reader in zip(names, readers, strict=True)},
        "did": dict(sum((reader.did for reader in readers), start=Counter())),
        "reopened": reopened,
        "adjudicated": settled,
        "requests": sum(one.sent for one in everybody),
    }
    return did, curator.get(f"{API}/queues/{queue}/agreement")["rows"]


def _client(port: int, name: str, **rights: bool) -> Client:
    from audits.models import User  # noqa: PLC0415 - Django is set up now
    from audits.services.tokens import token_create  # noqa: PLC0415

    user, _ = User.objects.get_or_create(username=name, defaults=rights)
    return Client(port, token_create(user=user)[1])


def release_rows(queue: str) -> dict[str, list[Row]]:
    """The rows of a release of that queue: of the tables that ratings are in."""
    from django.core.management import call_command  # noqa: PLC0415

    from audits.models import User  # noqa: PLC0415

    User.objects.get_or_create(username="root", defaults={"is_staff": True})
    rows: dict[str, list[Row]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "release.zip")
        call_command("make_release", user="root", queue=[queue], out=out, stdout=io.StringIO())
        with zipfile.ZipFile(out) as archive:
            for name in archive.namelist():
                kind, _, rest = name.partition("/")
                table = rest.partition("/")[0]
                if kind == "jsonl" and table in ("flags", "decisions", "first_views"):
                    rows[table] += map(json.loads, archive.read(name).splitlines())
    return rows


def checked_chain() -> str:
    """What `manage.py check_audit_log` says once all is sealed; it raises if a link is broken."""
    from django.core.management import call_command  # noqa: PLC0415

    from audits.services.sealing import log_seal  # noqa: PLC0415

    log_seal()
    said = io.StringIO()
    call_command("check_audit_log", stdout=said)
    return said.getvalue().strip()


def ratings(rows: dict[str, list[Row]]) -> list[Row]:
    """Of each group that a queue reports, the table [units][raters] of what was said, null where a
    rater did not rate a unit."""
    flags = {flag["id"]: flag for flag in rows["flags"]}
    verdicts = _table(
        rows["decisions"], "flag", lambda row: row["verdict"].removesuffix("_modified")
    )
    groups: dict[tuple[bool, str | None, str | None], list[dict[str, str]]] = defaultdict(list)
    for flag, said in verdicts.items():
        kind, label = flags[flag]["kind"], flags[flag]["label"]
        for group in ((False, None, None), (False, kind, label)):
            groups[group].append(said)
    for label in LABELS:
        views = _table(rows["first_views"], "audit", lambda row: row["states"][label.value])  # noqa: B023
        for said in views.values():
            for group in ((True, None, None), (True, None, label.value)):
                groups[group].append(said)
    found = []
    for (blind, kind, label), units in sorted(groups.items(), key=str):
        several = [said for said in units if len(said) > 1]
        raters = sorted({rater for said in several for rater in said})
        found.append(
            {
                **{"blind": blind, "kind": kind, "label": label},
                "categories": STATES if blind else VERDICTS,
                "table": [[said.get(rater) for rater in raters] for said in several],
            }
        )
    return found


def _table(rows: Iterable[Row], unit: str, word: Callable[[Row], str]) -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        said[row[unit]][row["reader"]] = word(row)
    return said


def computed_by_peers(units: list[Row]) -> list[Row]:
    """What irrCAC and krippendorff make of the tables, by `_agreement_peers`."""
    home = ROOT / ".overread/bench/irr-cac"
    python = home / "bin" / "python"
    if not python.exists():
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", str(home)], check=True)
        subprocess.run([*uv, "pip", "install", "--python", str(python), *PEERS], check=True)
    script = Path(__file__).with_name("_agreement_peers.py")
    done = subprocess.run(
        [str(python), str(script)],
        input=json.dumps(units),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def differences(told: list[Row], computed: list[Row]) -> list[str]:
    """Every group and number in which the platform says another thing than the peers."""
    ours = {(row["blind"], row["kind"], row["label"]): row for row in told}
    faults = []
    for group in computed:
        key = (group["blind"], group["kind"], group["label"])
        row = ours.pop(key, None)
        if row is None or row["n"] != group["n"]:
            faults.append(f"{key}: {row and row['n']} units reported, {group['n']} exported")
            continue
        for name, value in group["values"].items():
            mine = row[name]["value"]
            same = mine == value if None in (mine, value) else abs(mine - value) < NEAR
            if not same:
                faults.append(f"{key} {name}: {mine} reported, {value} computed")
    return [*faults, *(f"{key} is in no export" for key in ours)]


if __name__ == "__main__":
    main()
