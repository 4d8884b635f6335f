"""One case end to end, by the function and by the command."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference import NOTICE
from inference import __main__ as cli
from inference.audit import Audit, as_record, audit
from inference.commands import audit as command
from inference.grounders import BackendUnavailable, GroundingFailed, get_grounder
from inference.images import GrayImage, encode_png
from inference.parsers import get_parser
from inference.phantoms import render_phantom
from inference.phantoms.demo import demo_cases
from inference.schema import BackendVersion, Finding, Grounding, LedgerEntry
from inference.vocabulary import LABELS, ImageState, Label, LedgerReason, State

ROOT = Path(__file__).parents[2]
IMAGE = np.zeros((64, 64), np.uint8)
BOX = (0.1, 0.1, 0.4, 0.4)
RULES = get_parser("rules")

KEYS = {
    "state", "failure", "image_state", "draft_state", "image_normal", "findings", "image_labels",
    "scores", "draft_labels", "mentions", "flags", "claims", "score", "penalties", "notes",
    "ledger", "measurements", "grounder", "parser", "policy", "notice",
}  # fmt: skip


class Told:
    """A grounder that says what it was told to, or raises it."""

    version = BackendVersion("told", "1", "00", "Apache-2.0", may_release_output=True)

    def __init__(self, *answers: Grounding | Exception) -> None:
        self.answers = answers

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        if isinstance(self.answers[0], Exception):
            raise self.answers[0]
        return [answer for answer in self.answers if isinstance(answer, Grounding)]


class Knowing(Told):
    """Knows each phantom: stands in for a perfect grounder."""

    def __init__(self, seed: int, findings: Sequence[Label]) -> None:
        seen = render_phantom(seed, findings, 64).findings
        labels = {label: State.PRESENT if label in findings else State.ABSENT for label in LABELS}
        super().__init__(Grounding(ImageState.GROUNDED, labels, seen, image_normal=not findings))


def grounding(
    *findings: Finding, state: ImageState = ImageState.GROUNDED, **more: Any
) -> Grounding:
    present = {finding.label for finding in findings if not finding.below}
    labels = {label: State.PRESENT if label in present else State.ABSENT for label in LABELS}
    return Grounding(state, labels, findings, **more)


def told(text: str, *answers: Grounding | Exception) -> dict[str, Any]:
    result = audit(IMAGE, text, grounder=Told(*answers), parser=RULES)
    record: dict[str, Any] = json.loads(json.dumps(as_record(result)))
    assert set(record) == KEYS
    return record


def kinds(record: dict[str, Any]) -> set[tuple[str, str, str | None, bool | None]]:
    return {(f["kind"], f["label"], f["reason"], f["reported"]) for f in record["flags"]}


def test_a_denied_pneumothorax_is_missing_and_urgent() -> None:
    record = told("No pneumothorax.", grounding(Finding(Label.PNEUMOTHORAX, BOX, 0.9)))
    assert record["state"] == "done"
    assert kinds(record) == {
        ("MISSING", "pneumothorax", "denied", None),
        ("URGENT", "pneumothorax", None, False),
    }
    missing, urgent = sorted(record["flags"], key=lambda flag: flag["kind"])
    assert missing["boxes"] == [list(BOX)]
    assert [record["mentions"][0][key] for key in ("start", "end")] in missing["spans"]
    assert (missing["side"], missing["urgency"]) == ("right", None)
    assert urgent["urgency"]["tier"] == 1
    assert (record["score"], record["penalties"]) == (0, [25])
    assert record["claims"][0]["alignment"] == "needs_review"


def test_a_place_is_named_where_the_chest_was_measured() -> None:
    measured = {"chest_x0": 0.1, "chest_x1": 0.9}
    seen = (Finding(Label.NODULE_MASS, BOX), Finding(Label.NODULE_MASS, None))
    frontal = told("", grounding(*seen, measurements=measured))
    assert [each["region"] for each in frontal["findings"]] == ["right upper zone", None]
    assert [each["region"] for each in told("", grounding(*seen))["findings"]] == [None, None]


def test_the_record_says_what_made_it() -> None:
    record = told("", grounding())
    assert record["grounder"] == {
        "name": "told",
        "version": "1",
        "hash": "00",
        "licence": "Apache-2.0",
        "may_release_output": True,
    }
    assert record["parser"]["name"] == "rules"
    assert record["policy"] == "1"
    assert record["notice"] == NOTICE == "Research and education only. Not for patient care."


def test_an_empty_draft_is_an_image_only_audit() -> None:
    record = told("", grounding(Finding(Label.PNEUMOTHORAX, BOX)))
    assert (record["state"], record["draft_state"], record["score"]) == ("done", "empty", None)
    assert kinds(record) == {("URGENT", "pneumothorax", None, None)}
    assert record["claims"] == []
    assert any("empty" in note for note in record["notes"])


def test_candidates_below_the_threshold_count_for_nothing() -> None:
    record = told("No nodule.", grounding(Finding(Label.NODULE_MASS, BOX, 0.2, below=True)))
    assert (record["findings"], record["flags"]) == ([], [])
    assert record["image_labels"]["nodule_mass"] == "absent"


def test_a_lost_box_is_not_a_lost_finding() -> None:
    lost = LedgerEntry(LedgerReason.BAD_BOX, "[9, 9]", "four numbers are needed")
    record = told("", grounding(Finding(Label.NODULE_MASS), ledger=(lost,)))
    assert kinds(record) == {("URGENT", "nodule_mass", None, None)}
    assert record["ledger"] == [
        {
            "step": "grounding",
            "reason": "bad_box",
            "raw": "[9, 9]",
            "detail": "four numbers are needed",
        }
    ]


FAILURES = [
    (GroundingFailed("The model ran out of memory."), "The model ran out of memory."),
    (BackendUnavailable("The weights are missing."), "The weights are missing."),
    (
        Grounding(ImageState.FAILED, dict.fromkeys(LABELS), notes=("The picture is uniform.",)),
        "The picture is uniform.",
    ),
    (Grounding(ImageState.FAILED, dict.fromkeys(LABELS)), "could not read the image"),
]


@pytest.mark.parametrize(("answer", "words"), FAILURES)
def test_a_grounder_that_fails_gives_a_failed_audit_with_the_draft_read(
    answer: Grounding | Exception, words: str
) -> None:
    record = told("Small left pleural effusion. No pneumothorax.", answer)
    assert (record["state"], record["image_state"]) == ("failed", "failed")
    assert words in record["failure"]
    assert [m["label"] for m in record["mentions"]] == ["pleural_effusion", "pneumothorax"]
    assert record["draft_labels"]["pleural_effusion"] == "present"
    for empty in ("findings", "flags", "claims", "penalties"):
        assert record[empty] == []
    assert record["score"] is None
    assert record["image_normal"] is False
    assert set(record["image_labels"].values()) == {None}


@pytest.mark.parametrize("answers", [(), (grounding(), grounding())])
def test_a_wrong_number_of_answers_is_a_failure(answers: tuple[Grounding, ...]) -> None:
    class Miscounting(Told):
        def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
            return list(answers)

    result = audit(IMAGE, "", grounder=Miscounting(), parser=RULES)
    assert result.state == "failed"
    assert str(len(answers)) in (result.failure or "")


def test_a_programming_error_is_not_hidden_as_a_failed_audit() -> None:
    with pytest.raises(ZeroDivisionError):
        told("", ZeroDivisionError())


EXPECTED = {
    "denied-pneumothorax": {
        ("MISSING", "pneumothorax", "denied", None),
        ("URGENT", "pneumothorax", None, False),
    },
    "omitted-pneumothorax": {
        ("MISSING", "pneumothorax", "omitted", None),
        ("URGENT", "pneumothorax", None, False),
    },
    "omitted-nodule": {
        ("MISSING", "nodule_mass", "omitted", None),
        ("URGENT", "nodule_mass", None, False),
    },
    "reported-nodule": {("URGENT", "nodule_mass", None, True)},
    "denied-effusion": {("MISSING", "pleural_effusion", "denied", None)},
    "omitted-heart": {("MISSING", "cardiomegaly", "omitted", None)},
    "wrong-side": set(),
    "over-call": {
        ("UNSUPPORTED", "pleural_effusion", None, None),
        ("UNSUPPORTED", "cardiomegaly", None, None),
    },
    "faithful-effusion": set(),
    "faithful-normal": set(),
    "no-draft": {("URGENT", "pneumothorax", None, None)},
    "unreadable-draft": set(),
}


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case.name)
def test_each_demo_case_shows_what_it_is_for(case: Any) -> None:
    result = audit(IMAGE, case.draft, grounder=Knowing(case.seed, case.findings), parser=RULES)
    record = as_record(result)
    assert kinds(record) == EXPECTED[case.name]
    assert (record["score"] is None) == (case.name in ("no-draft", "unreadable-draft"))
    assert any("on the image it lies" in note for note in record["notes"]) == (
        case.name == "wrong-side"
    )
    assert record["draft_state"] == {"no-draft": "empty", "unreadable-draft": "unparsed"}.get(
        case.name, "parsed"
    )


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case.name)
def test_the_demo_holds_with_the_models_in_the_repo(case: Any) -> None:
    """Its flags come from real inference: after new weights, choose seeds that show the same."""
    image = render_phantom(case.seed, case.findings).image
    result = audit(image, case.draft, grounder=get_grounder("embedded"), parser=RULES)
    assert kinds(as_record(result)) == EXPECTED[case.name]


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "chest.png"
    path.write_bytes(encode_png(render_phantom(130, [Label.PNEUMOTHORAX], 512).image))
    return path


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inference", "audit", *arguments],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_prints_the_audit_and_draws_the_evidence(picture: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "seen.png"
    done = run(str(picture), "--draft", "No pneumothorax.", "--overlay", str(overlay))
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert set(record) == KEYS
    assert (record["state"], record["grounder"]["name"]) == ("done", "embedded")
    assert record["draft_labels"]["pneumothorax"] == "absent"
    assert set(record["image_labels"]) == set(LABELS)
    with Image.open(overlay) as drawn:
        assert drawn.format == "PNG"
        assert drawn.width >= 640


def test_command_reads_the_draft_from_a_file_or_a_pipe(picture: Path, tmp_path: Path) -> None:
    text = "IMPRESSION: Small right pleural effusion."
    file = tmp_path / "draft.txt"
    file.write_text("\ufeff" + text, encoding="utf-8")
    outputs = [
        run(str(picture), "--draft", text),
        run(str(picture), "--draft", str(file)),
        run(str(picture), "--draft", "-", stdin=text),
    ]
    assert [output.returncode for output in outputs] == [0, 0, 0]
    assert len({output.stdout for output in outputs}) == 1
    assert json.loads(outputs[0].stdout)["draft_labels"]["pleural_effusion"] == "present"


def broken(name: str) -> Any:
    raise BackendUnavailable("The weights of the embedded detector are missing.")


def test_a_backend_that_cannot_start_gives_a_failed_audit_and_exit_code_1(
    picture: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "get_grounder", broken)
    overlay = tmp_path / "seen.png"
    code = cli.main(
        ["audit", str(picture), "--draft", "No pneumothorax.", "--overlay", str(overlay)]
    )
    record = json.loads(capsys.readouterr().out)
    assert code == 1
    assert record["state"] == "failed"
    assert "weights" in record["failure"]
    assert [m["text"] for m in record["mentions"]] == ["pneumothorax"]
    assert record["flags"] == []
    with Image.open(io.BytesIO(overlay.read_bytes())) as drawn:
        assert drawn.height > drawn.width


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.png"], "nowhere.png"),
        ([__file__], "not an image"),
        (["{picture}", "--grounder", "oracle"], "embedded"),
        (["{picture}", "--parser", "oracle"], "rules"),
        (["{picture}", "--draft", "reports/12.txt"], "reports/12.txt"),
        (["{picture}", "--draft", "{picture}"], "UTF-8"),
        (["{picture}", "--overlay", "{picture}"], "the image itself"),
        (["{picture}", "--overlay", "/nowhere/at/all.png"], "/nowhere"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    picture: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    before = picture.read_bytes()
    code = cli.main(["audit", *(a.replace("{picture}", str(picture)) for a in arguments)])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert picture.read_bytes() == before


def test_a_draft_longer_than_any_file_name_is_a_draft() -> None:
    text = "No effusion. " * 700
    assert command.read_draft(text) == text
    assert command.read_draft("one\x00two") == "one\x00two"


def test_an_audit_cannot_be_changed() -> None:
    result: Audit = audit(IMAGE, "", grounder=Told(grounding()), parser=RULES)
    with pytest.raises(AttributeError):
        result.score = 100  # type: ignore[misc]
