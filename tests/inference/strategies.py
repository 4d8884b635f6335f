"""What an audit may hold, for the property tests of the comparator, the claims and the boxes."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from inference.schema import Box, Finding, Mention
from inference.vocabulary import LABELS, DraftState, ImageState, State

# A busy machine is no failure: nothing here depends on how long an example takes.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

LABEL_STATES = [State.PRESENT, State.UNCERTAIN, State.ABSENT, None]
UNIT = st.floats(0, 1, allow_nan=False)


@st.composite
def boxes(draw: st.DrawFn, least: float = 1e-6) -> Box:
    """A box inside the image, at least ``least`` high and wide."""
    y0, x0 = draw(st.floats(0, 1 - least)), draw(st.floats(0, 1 - least))
    y1, x1 = draw(st.floats(y0 + least, 1.0)), draw(st.floats(x0 + least, 1.0))
    return y0, x0, max(y1, y0 + least), max(x1, x0 + least)


FINDINGS = st.builds(
    Finding,
    st.sampled_from(LABELS),
    st.none() | boxes(),
    st.none() | UNIT,
    st.booleans(),
)


@st.composite
def mentions(draw: st.DrawFn, length: int = 200) -> Mention:
    start = draw(st.integers(0, length - 1))
    return Mention(
        draw(st.sampled_from(LABELS)),
        draw(st.sampled_from(list(State))),
        start,
        draw(st.integers(start + 1, length)),
        overruled=draw(st.booleans()),
        side=draw(st.sampled_from([None, "left", "right", "bilateral"])),
        location=draw(st.sampled_from([None, "apex", "mid", "base", "elsewhere"])),
    )


IMAGE_LABELS = st.dictionaries(st.sampled_from(LABELS), st.sampled_from(LABEL_STATES))

AUDITS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "image_state": st.sampled_from(list(ImageState)),
        "image_labels": IMAGE_LABELS,
        "findings": st.lists(FINDINGS, max_size=6),
        "draft_state": st.sampled_from(list(DraftState)),
        "mentions": st.lists(mentions(), max_size=8),
    }
)


_REPORT = ["FINDINGS:", "IMPRESSION:\n", "1. ", "- ", "No ", "effusion", " nodule", ", ", "; "]
_REPORT += [" and ", " with ", ". ", "\n", "\n\n", "2.5 cm", "definitely ", "e.g. ", "\u00a0"]


@st.composite
def drafts(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    """Any text, or one that looks like a report, with mentions anywhere in it."""
    report = st.lists(st.sampled_from(_REPORT), max_size=25).map("".join)
    text = draw(report | st.text(max_size=60))
    if not text:
        return text, []
    return text, draw(st.lists(mentions(len(text)), max_size=6))
