"""JSON lines: one line out for each line in, whatever the line holds."""

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.jsonl import Record, map_lines, run_lines, write_line


def echo(record: Record) -> Record:
    return {"id": record["id"], "seen": sorted(record)}


def answers(text: str) -> tuple[int, list[Record]]:
    out = io.StringIO()
    code = map_lines(echo, io.StringIO(text, newline="\n"), out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_good_lines_are_answered_in_order() -> None:
    assert answers('{"id": 1}\r\n{"id": "b", "x": 2}') == (
        0,
        [{"id": 1, "seen": ["id"]}, {"id": "b", "seen": ["id", "x"]}],
    )
    assert answers("") == (0, [])


@pytest.mark.parametrize(
    ("line", "named", "error"),
    [
        ("", None, "the line is blank"),
        ("   ", None, "the line is blank"),
        ('{"id": 1', None, "not JSON"),
        ("[1]", None, "must be a JSON object"),
        ("null", None, "must be a JSON object"),
        ('{"x": 1}', None, "missing field 'id'"),
        ('{"id": 1, "x": 2, "x": 3}', None, 'the field "x" is given twice'),
        ('{"id": 1, "x": {"y": 2, "y": 3}}', None, 'the field "y" is given twice'),
        ('{"id": 7, "x": "\\ud800"}', 7, "half a surrogate pair"),
        ('{"id": 7, "x": "\\uDFFF"}', 7, "half a surrogate pair"),
        ('{"id": "\udcff"}', None, "not UTF-8 from character 8 on"),
        ('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", None, "nested too deeply"),
        ('{"id": NaN}', None, "Out of range float"),
    ],
)
def test_a_bad_line_fails_alone(line: str, named: object, error: str) -> None:
    code, (before, bad, after) = answers('{"id": 1}\n' + line + '\n{"id": 2}\n')
    assert code == 1
    assert (before["id"], bad["id"], after["id"]) == (1, named, 2)
    assert error in bad["error"]


def test_whole_surrogate_pairs_and_any_letters_pass() -> None:
    code, records = answers('{"id": "\\ud83d\\ude00 é 漢"}\n')
    assert (code, records[0]["id"]) == (0, "😀 é 漢")


def test_an_id_that_is_no_id_is_not_echoed() -> None:
    for given_id in ("true", "[1]", "1.5", "null"):
        _, records = answers(f'{{"id": {given_id}, "id2": "\\ud800"}}')
        assert records[0]["id"] is None


def test_an_error_without_words_still_has_a_sentence() -> None:
    def fail(record: Record) -> Record:
        raise ValueError

    out = io.StringIO()
    assert map_lines(fail, ['{"id": 5}'], out) == 1
    assert json.loads(out.getvalue()) == {"id": 5, "error": "ValueError"}


def test_output_is_ascii_and_never_holds_what_json_does_not_have() -> None:
    out = io.StringIO()
    write_line(out, {"id": "é"})
    assert out.getvalue() == '{"id":"\\u00e9"}\n'
    with pytest.raises(ValueError, match="Out of range"):
        write_line(out, {"x": float("nan")})


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\n"), max_size=30), max_size=8))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_line_gets_exactly_one(lines: list[str]) -> None:
    out = io.StringIO()
    code = map_lines(echo, [line + "\n" for line in lines], out)
    written = out.getvalue().splitlines()
    assert len(written) == len(lines)
    assert code == (1 if any("error" in json.loads(line) for line in written) else 0)


def test_files_are_read_past_a_byte_order_mark_and_a_bad_byte(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b'\xef\xbb\xbf{"id": 1}\r\n{"id": "\xff"}\n{"id": 3}')
    assert run_lines(echo, str(source), str(out)) == 1
    records = [json.loads(line) for line in out.read_bytes().decode("ascii").split("\n")[:-1]]
    assert [record["id"] for record in records] == [1, None, 3]


@pytest.mark.parametrize("named", [None, "-"])
def test_nothing_and_a_dash_mean_the_standard_streams(
    named: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = io.TextIOWrapper(io.BytesIO(b'\xef\xbb\xbf{"id": 1}\n'), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", raw)
    assert run_lines(echo, named, named) == 0
    assert json.loads(capsys.readouterr().out) == {"id": 1, "seen": ["id"]}


def test_a_file_that_is_not_there_is_a_sentence_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_lines(echo, str(tmp_path / "none.jsonl"), str(tmp_path / "out.jsonl")) == 2
    assert "none.jsonl" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()


def test_the_input_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, other = tmp_path / "in.jsonl", tmp_path / "other.jsonl"
    source.write_text('{"id": 1}\n')
    other.write_text("old")
    assert run_lines(echo, str(source), str(source)) == 2
    assert "name another" in capsys.readouterr().err
    assert source.read_text() == '{"id": 1}\n'
    assert run_lines(echo, str(source), str(other)) == 0
    assert json.loads(other.read_text())["id"] == 1
