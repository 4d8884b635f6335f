"""The rules parser's promises: spans, sections, conflicts, details, refusals, any unicode."""

import cProfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.parsers import get_parser
from inference.schema import Mention, Parsing
from inference.states import draft_labels
from inference.vocabulary import LABELS, DraftState, Label, State

PHRASES = st.sampled_from(
    [
        "no", "effusion", "pneumothorax", "cannot be excluded", "possible", ".", ",", "\n",
        "Findings:",
        "Impression:", "heart", "is", "not", "enlarged", "except", "?", "nor", "left", "İ", "ﬁ",
        "e\u0301", "consolidation", "which", "has", "resolved", "but", "the", "small", "one",
        "\u00ad",
        "lungs", "clear", "CTR", "0.6", "pneumo-\n", "thorax", "it", "History:",
        "prior study showed",
    ]
)  # fmt: skip
DRAFTS = st.one_of(st.text(), st.lists(PHRASES, max_size=30).map(" ".join))


def parse(text: str) -> Parsing:
    return get_parser("rules").parse(text)


def only(text: str) -> Mention:
    mentions = parse(text).mentions
    assert len(mentions) == 1, mentions
    return mentions[0]


@given(DRAFTS)
@settings(max_examples=400, deadline=None)
def test_every_mention_is_the_draft_at_its_span(text: str) -> None:
    parsing = parse(text)
    for mention in parsing.mentions:
        assert text[mention.start : mention.end] == mention.text != ""
        assert mention.cue == "global_normal" or mention.cue in text
        assert mention.rule
    assert parsing.labels == draft_labels(parsing.mentions)
    assert list(parsing.labels) == list(LABELS)


@given(DRAFTS)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gets_the_same_answer(text: str) -> None:
    assert parse(text) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "İİ ﬁbrosis. No pneumothorax.",
        "Näıve e\u0301 \u200bno pneumo\u00adthorax",
        "«No» “pneumothorax”",
        "\U0001f600 no pneumothorax",
    ],
)
def test_offsets_survive_characters_that_change_length(text: str) -> None:
    mention = only(text)
    assert mention.label is Label.PNEUMOTHORAX
    assert mention.state is State.ABSENT
    assert text[mention.start : mention.end].replace("\u00ad", "") == "pneumothorax"


def test_an_unknown_parser_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="known: rules"):
        get_parser("guess")


def test_the_version_names_what_was_run() -> None:
    version = get_parser("rules").version
    assert (version.name, version.version, version.licence) == ("rules", "1.0.0", "Apache-2.0")
    assert len(version.hash) == 64
    assert version.may_release_output


@pytest.mark.parametrize("text", ["", " \n\t ", "\u00a0"])
def test_an_empty_draft_is_empty(text: str) -> None:
    parsing = parse(text)
    assert parsing.draft_state is DraftState.EMPTY
    assert set(parsing.labels.values()) == {None}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kein Pneumothorax.", "German"),
        ("Pas d'épanchement pleural.", "French"),
        ("Sin derrame.", "Spanish"),
        ("Geen pneumothorax.", "Dutch"),
        ("Kein Pneumothorax. Herz nicht vergrößert.", "German"),
        ("Pas de pneumothorax. Le coeur est de taille normale.", "French"),
        ("Sin derrame pleural. No se observa neumotórax.", "Spanish"),
        ("Nessun versamento pleurico. Cuore nei limiti.", "Italian"),
        ("Geen pneumothorax. Het hart is niet vergroot.", "Dutch"),
        ("Sem derrame pleural. Não há pneumotórax.", "Portuguese"),
        ("Пневмоторакса нет. Сердце не увеличено.", "Cyrillic"),
        ("未见气胸。心影不大。", "Chinese"),
        ("気胸はありません。", "Japanese"),
    ],
)
def test_another_language_is_refused_and_named(text: str, language: str) -> None:
    parsing = parse(text)
    assert parsing.draft_state is DraftState.UNPARSED
    assert language in parsing.reason
    assert parsing.mentions == ()


@pytest.mark.parametrize("text", ["xqzt vvbn plok wer", "1234 567", "lorem ipsum dolor sit amet"])
def test_what_makes_no_sense_is_unparsed_with_a_reason(text: str) -> None:
    parsing = parse(text)
    assert parsing.draft_state is DraftState.UNPARSED
    assert parsing.reason


def test_a_draft_without_the_five_labels_is_parsed_and_silent() -> None:
    parsing = parse("Median sternotomy wires. Degenerative changes of the spine.")
    assert parsing.draft_state is DraftState.PARSED
    assert set(parsing.labels.values()) == {None}


def test_a_text_longer_than_any_report_is_refused() -> None:
    parsing = parse("no effusion or " * 70_000)
    assert parsing.draft_state is DraftState.UNPARSED
    assert "100,000" in parsing.reason


@pytest.mark.parametrize(
    "unit",
    [
        "no not without never ", "cannot be definitely ", "a", "effusion ", "no effusion or ",
        "Heart: ", "-", "a-", "?", "non-", "1.", " ", "(", "é", "effusoin ", "definite ",
        "heart normal ",
        "Findings: effusion. Impression: no effusion. ", "effusion; seen ", "left mass in left ",
        "mass not; ", "no cavity in the mass ", "opacity at base is clear ", "opacity now clear ",
        "no pulmonary or pleural abnormality ", "effusion may have resolved, the other remains, ",
        "effusion? none. ", "effusion?? ", "↑", "right mass, left none, ",
        "no effusion left; right has one. ", "no fever, effusion ", "no effusion but the left ",
        "neither of the effusions cleared, ", "no zzz effusion ", "only no effusion this ",
        "no effusion, it is back; ",
        "there's no ", "if the effusion grows ", "differential is mass, ", "- ptx\n+ ",
    ],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    """Counted in calls, not in seconds: four times the text, at most five times the work."""
    assert _work(unit * (8_000 // len(unit))) <= 5 * _work(unit * (2_000 // len(unit))) + 2_000


def _work(text: str) -> int:
    profile = cProfile.Profile()
    profile.runcall(parse, text)
    return sum(entry.callcount for entry in profile.getstats())


def test_the_impression_overrules_the_findings_and_says_so() -> None:
    parsing = parse("Findings: Small left effusion.\nImpression: No effusion.")
    first, second = parsing.mentions
    assert (first.section, first.state, first.overruled) == ("findings", State.PRESENT, True)
    assert (second.section, second.state, second.overruled) == ("impression", State.ABSENT, False)
    assert parsing.labels[Label.PLEURAL_EFFUSION] is State.ABSENT
    assert "overrules" in parsing.notes[0]


def test_the_impression_overrules_only_its_own_side() -> None:
    parsing = parse("Findings: Left effusion. Impression: No right effusion.")
    assert parsing.labels[Label.PLEURAL_EFFUSION] is State.PRESENT
    assert parsing.notes == ()


def test_denying_a_diagnosis_does_not_deny_what_was_seen() -> None:
    parsing = parse("Findings: Left basal opacity. Impression: No pneumonia.")
    assert parsing.labels[Label.LUNG_OPACITY_CONSOLIDATION] is State.PRESENT


def test_a_global_normal_denies_each_label_not_named_otherwise() -> None:
    parsing = parse("Small left effusion. Otherwise normal chest.")
    spread = [m for m in parsing.mentions if m.cue == "global_normal"]
    assert [m.label for m in spread] == [label for label in LABELS if label != "pleural_effusion"]
    assert len({(m.start, m.end) for m in spread}) == 1
    assert parsing.labels[Label.PLEURAL_EFFUSION] is State.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "The chest is not normal.", "Previous chest radiograph was normal.",
        "Probably a normal chest.",
        "No acute abnormality of the ribs.", "No gallbladder abnormality.",
    ],
)  # fmt: skip
def test_what_is_no_global_normal_denies_nothing(text: str) -> None:
    assert State.ABSENT not in parse(text).labels.values()


def test_lungs_clear_denies_opacity_only() -> None:
    labels = parse("The lungs are clear.").labels
    assert {k for k, v in labels.items() if v} == {Label.LUNG_OPACITY_CONSOLIDATION}


@pytest.mark.parametrize(
    "section",
    ["History", "Indication", "Technique", "Comparison", "Clinical details", "Reason for exam"],
)
def test_what_is_not_a_reading_never_asserts(section: str) -> None:
    assert parse(f"{section}: large effusion, pneumothorax. Findings: Rib fracture.").mentions == ()


def test_details_are_read_beside_the_mention() -> None:
    mention = only("Unchanged small left apical pneumothorax.")
    assert (mention.side, mention.location, mention.severity, mention.change) == (
        "left", "apex", "small", "unchanged",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("A 3.2 x 2.1 cm mass in the right lung.", 32.0),
        ("An 8 mm nodule.", 8.0),
        ("Nodule measuring 1,5 cm.", 15.0),
        ("A nodule in the right lung.", None),
    ],
)
def test_sizes_are_in_millimetres(text: str, size: float | None) -> None:
    assert only(text).size_mm == size


def test_each_side_keeps_its_own_mention() -> None:
    left, right = parse("Left effusion has resolved. Right effusion persists.").mentions
    assert (left.side, left.state) == ("left", State.ABSENT)
    assert (right.side, right.state) == ("right", State.PRESENT)


def test_the_cue_says_why() -> None:
    mention = only("A small pneumothorax cannot be entirely excluded.")
    assert mention.cue == "cannot be entirely excluded"
    assert mention.rule == "cannot_exclude"


@pytest.mark.parametrize(
    "text",
    [
        "Left breast mass.", "Mediastinal mass.", "Rib lesion.", "Soft tissue mass in the neck.",
        "Calcified granuloma.", "Pulmonary oedema.", "Left basal atelectasis.", "Apical scarring.",
        "Mass effect on the trachea.", "Mass in the right breast.", "Pericardial effusion.",
    ],
)  # fmt: skip
def test_what_is_none_of_the_five_labels_is_not_counted(text: str) -> None:
    assert parse(text).mentions == ()


@pytest.mark.parametrize(
    "text", ["Normal.", "Clear.", "NAD", "Unremarkable study.", "Findings: normal."]
)
def test_a_bare_normal_denies_every_label(text: str) -> None:
    labels = get_parser("rules").parse(text).labels
    assert set(map(str, labels.values())) == {"absent"}
