"""A release of far more text than the memory that a database of it may hold."""

import random
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audits.models import User
from inference.curation.examples import Tally
from inference.curation.from_release import read_release
from inference.release import derived, parts, query
from inference.release.checks.meaning import check_flags
from inference.release.diff import diff
from tests.audits.reviewing import make_user
from tests.audits.test_release_folder import built, reviewed, unpacked

pytestmark = pytest.mark.django_db(transaction=True)

TIMES, LETTERS = 800, 15_000
REFERENCES = ("id", "case", "draft", "audit")
REPEATED = ("cases", "drafts", "audits", "findings", "mentions", "flags")


def test_many_long_reports_are_released_checked_and_learnt_from_in_bounded_memory(
    tmp_path: Path, settings: Any, nobody_else: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    readers: list[User] = [make_user("one"), make_user("two")]
    reviewed(readers)
    folder = unpacked(built(readers[0]), tmp_path / "release")
    for table in REPEATED:
        for path in (folder / "data" / table).glob("*.parquet"):
            repeat(path)
    shutil.rmtree(folder / "views")
    # All texts together are twice what the database may hold.
    for module in (query, parts):
        monkeypatch.setattr(module, "_MEMORY", "48MB")
    derived.write_views(folder)
    said = set(pq.read_table(folder / "data" / "drafts")["text"].to_pylist())
    written = {path: path.read_text().count("\n") for path in folder.glob("views/parsing/*")}
    assert len(said) == sum(written.values()) == 8 * TIMES
    assert sum(map(len, said)) == 8 * TIMES * LETTERS
    # So are the answers to whoever checks, compares or learns from it.
    assert not list(check_flags(folder))
    assert diff(folder, folder)["tables"]["drafts"]["changed"] == 0
    tally = Tally()
    assert all(example.patient for example in read_release(folder, tally))
    assert tally.read == 8 * TIMES


def repeat(path: Path) -> None:
    """Every row so many times, under other ids, which refer to each other as the first ones do;
    each draft says something else, at length."""
    letters = random.Random(path.name)
    rows = pq.read_table(path)
    copies = []
    for number in range(TIMES):
        for column in {*REFERENCES} & {*rows.column_names}:
            at = rows.column_names.index(column)
            ids = [f"{number:08x}{one[8:]}" for one in rows[column].to_pylist()]
            rows = rows.set_column(at, column, pa.array(ids, pa.string()))
        if path.parent.name == "drafts":
            at = rows.column_names.index("text")
            said = [letters.randbytes(LETTERS // 2).hex() for _ in ids]
            rows = rows.set_column(at, "text", pa.array(said, pa.string()))
        copies.append(rows)
    pq.write_table(pa.concat_tables(copies), path, row_group_size=1_000)
