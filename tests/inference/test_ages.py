"""Ages as files and people write them become whole years, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.ages import LONGEST, OLDEST, capped, whole_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("45", 45),
        (" 7 ", 7),
        ("0", 0),
        ("058Y", 58),
        ("058y", 58),
        ("017Y", 17),
        ("006M", 0),
        ("018M", 1),
        ("300D", 0),
        ("104W", 1),
        ("6 months", 0),
        ("24 months", 2),
        ("6mo", 0),
        ("3 weeks", 0),
        ("10 days", 0),
        ("17.9", 17),
        ("3.5 years", 3),
        ("17 y/o", 17),
        ("17yo", 17),
        ("17-year-old", 17),
        ("45 yrs", 45),
        (">89", OLDEST),
        ("> 89", OLDEST),
        ("≥90", OLDEST),
        (">=90", OLDEST),
        ("90+", OLDEST),
        ("104", 104),
    ],
)
def test_an_age_is_read(text: str, years: int) -> None:
    assert whole_years(text) == years


@pytest.mark.parametrize(
    "text",
    ["", "sixty", "60M", "60F", "6M", "-3", "121", "999Y", "1e9", "4 5", "45Y F", "٤٥", "4" * 400],
)
def test_what_is_no_age_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="age") as refused:
        whole_years(text)
    assert len(text) < 4 or text not in str(refused.value)


@given(st.integers(0, LONGEST))
def test_dicom_and_plain_years_say_the_same(years: int) -> None:
    assert whole_years(str(years)) == whole_years(f"{years:03}Y") == years


@given(st.integers(0, 999), st.sampled_from("DWM"))
def test_shorter_units_never_make_a_person_older(number: int, unit: str) -> None:
    assert whole_years(f"{number:03}{unit}") <= number


@given(st.one_of(st.none(), st.integers(0, LONGEST)))
def test_over_89_is_one_age(years: int | None) -> None:
    assert capped(years) == (years if years is None or years < OLDEST else OLDEST)


@given(st.text(max_size=20))
def test_any_text_is_an_age_or_refused(text: str) -> None:
    try:
        assert 0 <= whole_years(text) <= LONGEST
    except ValueError as refused:
        assert "age" in str(refused)
