"""``python -m inference compare`` as its users run it: on files and in pipes."""

import gc
import io
import json
import os
import subprocess
import sys
import tracemalloc
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from inference.__main__ import main
from inference.commands.compare import compare_line
from inference.jsonl import Record, map_lines

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Right pneumothorax. No effusion, definitely cardiomegaly."
AUDIT: Record = {
    "id": "a",
    "image_state": "grounded",
    "findings": [{"label": "pneumothorax", "box": [0.1, 0.6, 0.3, 0.9], "score": 0.8}],
    "draft_state": "parsed",
    "mentions": [
        {"label": "pneumothorax", "state": "present", "start": 6, "end": 18, "side": "right"},
        {"label": "pleural_effusion", "state": "absent", "start": 20, "end": 31},
        {"label": "cardiomegaly", "state": "present", "start": 44, "end": 56},
    ],
    "text": TEXT,
}


def run(*arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inference", "compare", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def changed(**fields: Any) -> Record:
    return {key: value for key, value in {**AUDIT, **fields}.items() if value is not ...}


def test_a_pipe_gives_the_documented_shape() -> None:
    done = run(lines=json.dumps(AUDIT) + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "id": "a",
        "policy": "1",
        "flags": [
            {
                "kind": "URGENT",
                "label": "pneumothorax",
                "reason": None,
                "reported": True,
                "side_agrees": False,
                "boxes": [[0.1, 0.6, 0.3, 0.9]],
                "spans": [[6, 18]],
            },
            {
                "kind": "UNSUPPORTED",
                "label": "cardiomegaly",
                "reason": None,
                "reported": None,
                "side_agrees": None,
                "boxes": [],
                "spans": [[44, 56]],
            },
        ],
        "claims": [
            {
                "start": 0,
                "end": 18,
                "text": "Right pneumothorax",
                "type": "finding",
                "labels": ["pneumothorax"],
                "alignment": "supported",
                "penalty": 0,
                "cause": "The image shows pneumothorax too.",
                "overconfident": [],
                "suggestion": None,
            },
            {
                "start": 20,
                "end": 31,
                "text": "No effusion",
                "type": "absence",
                "labels": ["pleural_effusion"],
                "alignment": "supported",
                "penalty": 0,
                "cause": "The image shows no pleural effusion either.",
                "overconfident": [],
                "suggestion": None,
            },
            {
                "start": 33,
                "end": 56,
                "text": "definitely cardiomegaly",
                "type": "finding",
                "labels": ["cardiomegaly"],
                "alignment": "needs_review",
                "penalty": 25,
                "cause": "The image shows no cardiomegaly; the draft asserts it.",
                "overconfident": [[33, 43]],
                "suggestion": "Possible cardiomegaly, not clearly seen on this image.",
            },
        ],
        "score": 67,
        "notes": ["The draft puts pneumothorax on the right; on the image it lies on the left."],
    }


def test_files_and_a_bad_line_between_good_ones(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps(AUDIT), '{"id": "b"}', "", json.dumps(changed(id=3))]
    source.write_text("\n".join(lines) + "\n")
    done = run(str(source), str(out))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    good, bad, blank, last = [json.loads(line) for line in out.read_text().splitlines()]
    assert (good["id"], last["id"], blank["id"]) == ("a", 3, None)
    assert bad["id"] == "b"
    assert "image_state: Field required" in bad["error"]
    assert good["flags"] == last["flags"]


def test_the_program_runs_in_process_too(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(AUDIT))
    assert main(["compare", str(source), str(out)]) == 0
    assert json.loads(out.read_text())["id"] == "a"


def test_a_reader_that_leaves_early_ends_the_run_quietly(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text((json.dumps(AUDIT) + "\n") * 2000)
    command = [sys.executable, "-m", "inference", "compare", str(source)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_dash_reads_the_pipe_and_a_missing_file_is_told(tmp_path: Path) -> None:
    done = run("-", "-", lines=json.dumps(AUDIT))
    assert json.loads(done.stdout)["id"] == "a"
    missing = run(str(tmp_path / "none"))
    assert missing.returncode == 2
    assert "none" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_the_same_input_gives_the_same_bytes_in_any_order() -> None:
    shuffled = changed(mentions=AUDIT["mentions"][::-1], findings=AUDIT["findings"][::-1])
    one, two = run(lines=json.dumps(AUDIT)), run(lines=json.dumps(shuffled))
    assert one.stdout == two.stdout != ""


def test_without_text_there_are_no_claims() -> None:
    answer = compare_line(changed(text=...))
    assert (answer["claims"], answer["score"]) == ([], None)
    assert len(answer["flags"]) == 2


@pytest.mark.parametrize(
    ("text", "words", "more", "agrees"),
    [
        (TEXT, (6, 18), {}, False),
        ("Left pneumothorax.", (5, 17), {}, True),
        ("Pneumothorax on the left.", (0, 12), {}, True),
        ("Left effusion, right pneumothorax.", (21, 33), {}, False),
        ("A pneumothorax.", (2, 14), {}, None),
        (..., (5, 22), {"text": "left pneumothorax"}, True),
        (..., (5, 22), {"text": "pneumothorax"}, None),
        (..., (5, 22), {}, None),
        # A side that is given, even as null, is not read again.
        (TEXT, (6, 18), {"side": None}, None),
        (TEXT, (6, 18), {"side": "left"}, True),
    ],
)
def test_a_mention_without_a_side_is_given_the_one_it_is_written_with(
    text: object, words: tuple[int, int], more: Record, agrees: bool | None
) -> None:
    start, end = words
    said = [{"label": "pneumothorax", "state": "present", "start": start, "end": end, **more}]
    answer = compare_line(changed(text=text, mentions=said))
    assert [flag["side_agrees"] for flag in answer["flags"]] == [agrees]


@pytest.mark.parametrize(
    ("draft", "more", "told"),
    [
        ("Basal pneumothorax.", {}, True),
        ("Apical pneumothorax.", {}, False),
        ("Pneumothorax.", {}, False),
        ("Pneumothorax.", {"location": "base"}, True),
        # A place that is given, even as null, is not read again.
        ("Basal pneumothorax.", {"location": None}, False),
        ("Basal pneumothorax.", {"location": "apex"}, False),
    ],
)
def test_a_mention_without_a_location_is_given_the_one_it_is_written_with(
    draft: str, more: Record, told: bool
) -> None:
    start = draft.lower().index("pneumothorax")
    mention = {"label": "pneumothorax", "state": "present", "start": start, "end": start + 12}
    high = {"label": "pneumothorax", "box": [0.05, 0.1, 0.2, 0.3], "score": None}
    answer = compare_line(changed(text=draft, findings=[high], mentions=[{**mention, **more}]))
    note = "The draft puts pneumothorax low in the chest; on the image it lies high in the chest."
    assert (note in answer["notes"]) is told


def test_image_labels_may_leave_a_label_unassessed() -> None:
    answer = compare_line(changed(image_labels={"cardiomegaly": None}))
    assert [flag["kind"] for flag in answer["flags"]] == ["URGENT"]
    alignments = [claim["alignment"] for claim in answer["claims"]]
    assert alignments == ["supported", "uncertain", "uncertain"]
    answer = compare_line(changed(image_labels={"pneumothorax": "absent"}))
    assert "it counts as present" in answer["notes"][0]
    assert answer["claims"][0]["alignment"] == "supported"


@pytest.mark.parametrize(
    ("box", "why"),
    [
        ([0.5, 0.1, 0.4, 0.2], "y0 < y1"),
        ([0.1, 0.2, 0.4, 0.2], "x0 < x1"),
        ([100, 200, 300, 400], "scale"),
        ([0.1, 0.2, 0.4], "four finite numbers"),
        ("left lung", "four finite numbers"),
        ([0.1, 0.2, 0.4, float("nan")], "four finite numbers"),
        ({"x": 1}, "four finite numbers"),
    ],
)
def test_a_lost_box_is_not_a_lost_finding(box: object, why: str) -> None:
    findings = [{"label": "nodule_mass", "box": box}]
    answer = compare_line(changed(findings=findings, mentions=[]))
    assert [flag["kind"] for flag in answer["flags"]] == ["MISSING", "URGENT"]
    assert not any(flag["boxes"] for flag in answer["flags"])
    (note,) = answer["notes"]
    assert why in note
    assert "the finding still counts" in note


def test_a_finding_without_a_box_needs_no_note_and_one_below_counts_for_nothing() -> None:
    findings = [
        {"label": "nodule_mass", "box": None},
        {"label": "pneumothorax", "box": [9, 9, 9, 9], "below": True},
    ]
    answer = compare_line(changed(findings=findings, mentions=[]))
    assert {flag["label"] for flag in answer["flags"]} == {"nodule_mass"}
    assert answer["notes"] == []


def mention(**fields: object) -> list[Record]:
    return [{"label": "nodule_mass", "state": "present", "start": 0, "end": 5, **fields}]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"id": True}, "id.int: Input should be a valid integer"),
        ({"id": 1.5}, "id.str: Input should be a valid string"),
        ({"image_state": "good"}, "image_state: Input should be 'grounded'"),
        ({"draft_state": ...}, "draft_state: Field required"),
        ({"findings": None}, "findings: Input should be a valid list"),
        ({"findings": [{"label": "mass"}]}, "findings.0.label: Input should be"),
        ({"findings": [{"label": "nodule_mass", "score": float("nan")}]}, "findings.0.score"),
        ({"mentions": mention(label="fracture")}, "mentions.0.label: Input should be"),
        ({"mentions": mention(state="maybe")}, "mentions.0.state: Input should be"),
        ({"mentions": mention(start=-1)}, "mentions.0.start: Input should be greater"),
        ({"mentions": mention(start="0")}, "mentions.0.start: Input should be a valid int"),
        ({"mentions": mention(side="up")}, "mentions.0.side: Input should be 'left'"),
        ({"mentions": mention(start=5)}, "mentions.0: start (5) must be less than end (5)"),
        ({"mentions": mention(end=58)}, "mentions.0: end (58) lies past the end of text"),
        ({"mentions": mention(text="nodul")}, "mentions.0: text[0:5] is 'Right', not 'nodul'"),
        ({"image_labels": {"mass": "present"}}, "image_labels.mass"),
        ({"image_labels": {"nodule_mass": "?"}}, "image_labels.nodule_mass"),
        ({"text": 5}, "text: Input should be a valid string"),
        ({"findings": [{}] * 9}, "and 4 more"),
    ],
)
def test_a_bad_line_names_the_field(fields: Record, error: str) -> None:
    out = io.StringIO()
    assert map_lines(compare_line, [json.dumps(changed(**fields))], out) == 1
    assert error in json.loads(out.getvalue())["error"]


def test_spans_are_taken_as_they_are_when_there_is_no_text() -> None:
    assert compare_line(changed(text=..., mentions=mention(end=10_000)))["flags"]


def test_an_audit_needs_no_id() -> None:
    assert compare_line(changed(id=...))["id"] is None


def test_unknown_fields_are_ignored() -> None:
    more = changed(parser={"name": "rules"}, mentions=mention(text="Right", cue="x", rule="y"))
    assert compare_line(more)["id"] == "a"


def test_memory_stays_flat_over_many_lines() -> None:
    def held_after(count: int) -> int:
        with Path(os.devnull).open("w") as nowhere:
            map_lines(compare_line, repeat(json.dumps(AUDIT), count), nowhere)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    held_after(50)
    before = held_after(50)
    after = held_after(1000)
    tracemalloc.stop()
    # A thousand answers kept would be more than a megabyte.
    assert after - before < 50_000
