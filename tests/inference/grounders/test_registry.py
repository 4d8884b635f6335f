import pytest

from inference.grounders import get_grounder


def test_an_unknown_grounder_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(ValueError, match=r"unknown grounder 'oracle'; known: .*embedded, .*remote"):
        get_grounder("oracle")


def test_a_process_loads_the_weights_once() -> None:
    assert get_grounder("embedded") is get_grounder("embedded")
