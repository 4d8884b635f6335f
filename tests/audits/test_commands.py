"""The commands: the same doors as the API, for whoever sits at the machine."""

import csv
import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audits.models import Audit, Batch, Case, Draft, Release, User
from audits.services.batches import batch_go_on
from inference.phantoms.demo import demo_cases
from tests.audits.pictures import picture
from tests.audits.stored import work

pytestmark = pytest.mark.django_db


def run(*arguments: Any, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def write_csv(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "manifest.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, sorted({name for row in rows for name in row}))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(picture(seed=number))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    return tmp_path


ROWS = [
    {"image": "0.png", "draft": "Clear,\nno effusion.", "patient": "p1", "view": "PA", "age": "61"},
    {"image": "1.png", "draft": "Mass.", "patient": "p2", "sex": "F", "origin": "edited"},
    {"image": "0.png", "draft": "Effusion.", "patient": "p1"},
]


class TestImport:
    def test_csv(self, folder: Path) -> None:
        out, err = run("import_cases", write_csv(folder, ROWS), source="nih-cxr14")
        assert out.strip() == "2 new case, 1 new draft" and "line" not in err
        first = Case.objects.get(age=61)
        assert first.source.slug == "nih-cxr14" and first.view == "PA"
        texts = {draft.text for draft in first.drafts.all()}
        assert texts == {"Clear,\nno effusion.", "Effusion."}
        assert Draft.objects.get(text="Mass.").origin == "edited"
        assert not Audit.objects.exists()

    def test_json_lines(self, folder: Path) -> None:
        path = folder / "manifest.jsonl"
        rows = [{"image": "0.png", "draft": None, "age": 40}, {"image": "1.png"}]
        path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
        out, _ = run("import_cases", path, audit=True)
        assert out.strip() == "2 new case" and Audit.objects.count() == 2

    @pytest.mark.parametrize("spacing", ["0.2\\0.19", "0.2 0.19", [0.2, 0.19], "0.20, 0.190"])
    def test_a_row_may_tell_size_and_sides(self, folder: Path, spacing: Any) -> None:
        path = folder / "manifest.jsonl"
        row = {"image": "0.png", "pixel_spacing": spacing, "patient_orientation": "L\\F"}
        path.write_text(json.dumps({**row, "laterality": "U"}))
        run("import_cases", path)
        case = Case.objects.get()
        assert (case.pixel_row_mm, case.pixel_column_mm) == (0.2, 0.19)
        assert (case.pixel_spacing_source, case.laterality) == ("sender", "U")
        assert case.patient_orientation == "L\\F"

    def test_the_size_of_a_pixel_follows_what_was_resized(self, folder: Path) -> None:
        """The pictures have 128 x 128 pixels."""
        path = folder / "manifest.jsonl"
        row = {"image": "0.png", "pixel_spacing": "0.1 0.2", "pixel_frame": "1280 512"}
        path.write_text(json.dumps(row))
        run("import_cases", path)
        case = Case.objects.get()
        assert (case.pixel_row_mm, case.pixel_column_mm) == (1.0, 0.8)

    def test_again_imports_nothing(self, folder: Path) -> None:
        manifest = write_csv(folder, ROWS)
        run("import_cases", manifest)
        before = list(Draft.objects.order_by("pk").values())
        out, _ = run("import_cases", manifest)
        assert out.strip() == "3 already there"
        assert list(Draft.objects.order_by("pk").values()) == before

    def test_dry_run_stores_nothing_and_finds_the_same_faults(self, folder: Path) -> None:
        manifest = write_csv(folder, [*ROWS, {"image": "broken.png"}])
        with pytest.raises(CommandError, match="1 rows"):
            run("import_cases", manifest, dry_run=True)
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            ({"image": "broken.png"}, "image"),
            ({"image": "missing.png"}, "image"),
            ({"image": ""}, "image"),
            ({"image": "2.png", "view": "OBLIQUE"}, "view"),
            ({"image": "2.png", "sex": "X"}, "sex"),
            ({"image": "2.png", "age": "old"}, "age"),
            ({"image": "2.png", "age": "999"}, "age"),
            ({"image": "2.png", "origin": "nobody"}, "origin"),
            ({"image": "2.png", "source": "nowhere"}, "source"),
            ({"image": "2.png", "pixel_spacing": "0.143"}, "pixel_spacing"),
            ({"image": "2.png", "pixel_spacing": "300 300"}, "pixel_spacing"),
            ({"image": "2.png", "pixel_frame": "large"}, "pixel_frame"),
            ({"image": "2.png", "pixel_spacing": "1 1", "pixel_frame": "9999 128"}, "pixel_frame"),
            ({"image": "2.png", "laterality": "left"}, "laterality"),
            ({"image": "2.png", "patient_orientation": "L\\R"}, "patient_orientation"),
            ({"image": "2.png", "colour": "red"}, "row"),
        ],
    )
    def test_bad_row_stops_nothing_else(
        self, folder: Path, row: dict[str, str], column: str
    ) -> None:
        path = folder / "manifest.jsonl"
        rows = [ROWS[0], row, ROWS[1]]
        path.write_text("\n".join(json.dumps(each) for each in rows))
        out, err = StringIO(), StringIO()
        with pytest.raises(CommandError):
            call_command("import_cases", path, stdout=out, stderr=err)
        assert out.getvalue().strip() == "2 new case, 1 bad"
        assert f"line 2: {column}: " in err.getvalue()

    def test_bad_lines(self, folder: Path) -> None:
        path = folder / "manifest.jsonl"
        path.write_bytes(b'{"image": "0.png"}\nnot json\n[1]\n{"draft": "\xff", "image": "1.png"}')
        with pytest.raises(CommandError, match="3 rows"):
            run("import_cases", path)
        assert Case.objects.count() == 1

    def test_row_with_too_many_cells(self, folder: Path) -> None:
        path = folder / "manifest.csv"
        path.write_text("image,draft\n0.png,Clear.,surplus\n1.png,Clear.\n")
        with pytest.raises(CommandError, match="1 rows"):
            run("import_cases", path)
        assert Case.objects.count() == 1

    def test_no_manifest(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="no manifest"):
            run("import_cases", tmp_path / "none.csv")


def go_on() -> None:
    """What the worker does with each batch."""
    for batch in Batch.objects.all():
        batch_go_on(batch_id=batch.pk)


class TestRunAudits:
    def test_starts_each_draft_once(self, folder: Path) -> None:
        run("import_cases", write_csv(folder, ROWS))
        for _ in range(2):
            out, _ = run("run_audits", no_wait=True)
            assert out.startswith("3 audits")
            go_on()
            assert Audit.objects.count() == 3

    def test_selection(self, folder: Path) -> None:
        run("import_cases", write_csv(folder, ROWS[:2]))
        code = Case.objects.order_by("created_at")[0].code
        run("run_audits", case=[code], no_wait=True)
        go_on()
        assert Audit.objects.get().case.code == code
        assert run("run_audits", source="phantom")[0].strip() == "No drafts fit."
        with pytest.raises(CommandError, match="no case code"):
            run("run_audits", case=["'; --"])

    def test_says_how_they_ended(self, folder: Path) -> None:
        run("import_cases", write_csv(folder, ROWS[:1]), audit=True)
        work(Audit.objects.get())
        run("run_audits", no_wait=True)
        go_on()
        assert run("run_audits", resume=Batch.objects.get().pk)[0].strip() == "1 done"


class TestMakeRelease:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_alone_is_the_first_administrators(
        self, administrator: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out, _ = run("make_release", out=tmp_path / "release.zip")
        release = Release.objects.get()
        assert release.created_by == administrator and release.state == "ready"
        assert out.startswith(f"{release} is ready") and "steps 19/19" in capsys.readouterr().err
        names = zipfile.ZipFile(tmp_path / "release.zip").namelist()
        assert {"README.md", "MANIFEST.sha256", "data/audits/train-00000-of-00001.parquet"} <= set(
            names
        )

    def test_needs_somebody(self, reader: User) -> None:
        with pytest.raises(CommandError, match="no active administrator"):
            run("make_release")
        with pytest.raises(CommandError, match="no active user nobody"):
            run("make_release", user="nobody")
        assert not Release.objects.exists()


def test_demo_is_made_once() -> None:
    out, _ = run("seed_demo")
    assert "reader" in out and "admin" in out
    assert Case.objects.filter(source__slug="phantom", phantom=True).count() == len(demo_cases())
    assert Audit.objects.count() == len(demo_cases())
    before = list(Audit.objects.order_by("pk").values())
    run("seed_demo")
    assert list(Audit.objects.order_by("pk").values()) == before

    User.objects.get(username="admin").delete()
    reader = User.objects.get(username="reader")
    reader.set_password("my own choice of words")
    reader.save()
    out, _ = run("seed_demo")
    assert "(password was changed)" in out
    assert User.objects.get(username="admin").is_superuser
    reader.refresh_from_db()
    assert reader.check_password("my own choice of words")
