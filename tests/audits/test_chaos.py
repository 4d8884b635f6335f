"""Workers, Postgres and Redis die under load, for real: every audit still ends exactly once."""

import json
import subprocess
import sys

from bootstrap.layout import ROOT


def test_no_audit_is_lost_or_doubled_while_everything_dies() -> None:
    options = ("--audits", "24", "--rounds", "2", "--model-seconds", "0.3")
    command = [sys.executable, "-m", "benchmarks.chaos", *options]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    report = json.loads(ran.stdout)
    assert report["states"] == {"done": 24}
    assert report["faults"] == {}
