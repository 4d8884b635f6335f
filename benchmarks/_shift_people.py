"""Who works a shift by script: readers with minds of their own, and an adjudicator."""

import threading
import uuid
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

from benchmarks._http import Client
from inference.vocabulary import LABELS

API = "/api/v1"
MOST_REQUESTS = 20_000
"""Of one person: a queue that never ends is a fault, and is found by counting."""
BOX = [0.3, 0.3, 0.6, 0.7]


class Reader:
    """Reads until the queue says that there is nothing more to read for them."""

    def __init__(self, client: Client, queue: str, seed: int, *, skips: bool = False) -> None:
        self.client, self.queue, self.chance = client, queue, Random(seed)
        self.skips = skips
        self.submitted = 0
        self.did: Counter[str] = Counter()

    def work(self) -> None:
        while self.client.sent < MOST_REQUESTS:
            answer = self.client.post(f"{API}/queues/{self.queue}/claim")
            if answer["slot"] is not None:
                self._read(answer["slot"])
            elif answer["reason"] != "all_leased":
                return
        raise RuntimeError(f"{MOST_REQUESTS} requests and the queue has not ended: {answer}")

    def _read(self, slot: dict[str, Any]) -> None:
        lease = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
        if slot["step"] == "image":
            if self._sometimes(0.05, "gave back"):
                self._say(slot, "release", lease)
                return
            # One reader alone passes items on: two others are left to read each.
            if self.skips and self._sometimes(0.1, "skipped"):
                self._say(slot, "skip", {**lease, "reason": "image_quality"})
                return
            states = {label.value: self._state() for label in LABELS}
            boxes = [{"label": k, "box": self._box()} for k, v in states.items() if v == "present"]
            seen = {"step": "image", "states": states, "boxes": boxes}
            self._say(slot, "commit", {**lease, **seen, "id": _id()})
            self._say(slot, "commit", {**lease, "step": "draft", "id": _id()})
        audit = self.client.get(f"{API}/audits/{slot['audit']}")
        for flag in audit["flags"]:
            self._answer(slot, lease, flag)
        if self._sometimes(0.1, "added"):
            added = {"id": _id(), "label": "nodule_mass", "box": self._box()}
            self._say(slot, "missed-findings", {**lease, **added})
        self._say(slot, "submit", {**lease, "nothing_else_missed": True})
        self.submitted += 1

    def _answer(self, slot: dict[str, Any], lease: dict[str, Any], flag: dict[str, Any]) -> None:
        if self._sometimes(0.1, "changed their mind"):
            self._decide(slot, lease, flag)
        if self._sometimes(0.1, "took back"):
            decision = self._decide(slot, lease, flag)
            self._say(slot, "undo", {**lease, "decision": decision["id"]})
        self._decide(slot, lease, flag)

    def _decide(self, slot: dict[str, Any], lease: dict[str, Any], flag: dict[str, Any]) -> Any:
        modified = 0 if flag["kind"] == "UNSUPPORTED" else 10  # which has no box to modify
        verdict = self.chance.choices(
            ["confirmed", "confirmed_modified", "dismissed", "indeterminate"],
            [60, modified, 22, 8],
        )[0]
        said: dict[str, Any] = {"id": _id(), "flag": flag["id"], "verdict": verdict}
        if verdict in ("dismissed", "indeterminate"):
            said["reason"] = "image_quality" if verdict == "indeterminate" else "duplicate"
        if verdict == "confirmed_modified":
            said["box"] = self._box()
        return self._say(slot, "decisions", {**lease, **said})

    def _say(self, slot: dict[str, Any], what: str, body: dict[str, Any]) -> Any:
        return self.client.post(f"{API}/slots/{slot['id']}/{what}", body)

    def _state(self) -> str:
        return self.chance.choices(["present", "uncertain", "absent"], [25, 10, 65])[0]

    def _box(self) -> list[float]:
        shift = self.chance.uniform(-0.2, 0.2)
        return [BOX[0] + shift, BOX[1], BOX[2] + shift, BOX[3]]

    def _sometimes(self, share: float, what: str) -> bool:
        does = self.chance.random() < share
        self.did[what] += does
        return does


class Adjudicator:
    """Sends reads back, and rules on what readers differ in."""

    def __init__(self, client: Client, queue: str, seed: int) -> None:
        self.client, self.queue, self.chance = client, queue, Random(seed)

    def reopen(self, number: int) -> int:
        reads = self.client.get(f"{API}/reads?queue={self.queue}")["results"]
        for read in reads[:number]:
            again = {"id": _id(), "reason": "Look at the left base again."}
            self.client.post(f"{API}/reads/{read['id']}/reopen", again)
        return min(number, len(reads))

    def settle_all(self) -> int:
        settled = 0
        while self.client.sent < MOST_REQUESTS:
            open_ones = self.client.get(f"{API}/adjudications?queue={self.queue}&state=open")
            if not open_ones["results"]:
                return settled
            for one in open_ones["results"]:
                self._settle(one["id"])
                settled += 1
        raise RuntimeError(f"{MOST_REQUESTS} requests and adjudications are still open")

    def _settle(self, adjudication: str) -> None:
        url = f"{API}/adjudications/{adjudication}"
        held = self.client.post(f"{url}/claim")
        flags = {one["flag"] for one in held["differs"] if one["flag"]}
        labels = {one["label"] for one in held["differs"] if not one["flag"]}
        outcome = {
            "lease_token": held["lease_token"],
            "fence": held["fence"],
            "reason": "Seen again on both readings.",
            "rulings": [
                {"id": _id(), "flag": flag, "verdict": "confirmed"} for flag in sorted(flags)
            ],
            "missed": [
                {"id": _id(), "label": label, "present": self.chance.random() < 0.5}
                for label in sorted(labels)
            ],
        }
        self.client.post(f"{url}/settle", outcome)


def at_once(readers: Sequence[Reader]) -> None:
    """All of them side by side, each to their end; the first one's fault is raised."""
    faults: list[BaseException] = []

    def work(reader: Reader) -> None:
        try:
            reader.work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def _id() -> str:
    return str(uuid.uuid4())
