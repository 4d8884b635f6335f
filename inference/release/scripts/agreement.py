"""Compute agreement.json again from the tables beside it, and print it.

    PYTHONPATH=OVERREAD python scripts/agreement.py

OVERREAD is a checkout of the code that made this release.
"""

import json
import sys
from pathlib import Path

from inference.release.agreement import measure
from inference.release.query import open_tables

if __name__ == "__main__":
    with open_tables(Path(__file__).resolve().parent.parent) as tables:
        sys.stdout.write(json.dumps(measure(tables), indent=1) + "\n")
