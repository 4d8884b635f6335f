"""A command beside others: its output is kept, and it does not outlive the block."""

import sys
import time
from pathlib import Path

import pytest

from bootstrap.commands import beside


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_code_and_output_of_a_command_beside_the_block(tmp_path: Path) -> None:
    says = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")

    with beside(says, cwd=tmp_path, env={}, log=tmp_path / "log") as ended:
        outcome = ended()

    assert outcome.code == 3
    assert sorted(outcome.output.split()) == ["err", "out"]


def test_a_block_that_breaks_off_ends_the_command(tmp_path: Path) -> None:
    began = time.monotonic()

    with (
        pytest.raises(KeyboardInterrupt),
        beside(python("import time; time.sleep(600)"), cwd=tmp_path, env={}, log=tmp_path / "log"),
    ):
        raise KeyboardInterrupt

    assert time.monotonic() - began < 300
