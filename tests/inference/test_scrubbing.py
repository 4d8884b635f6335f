"""The scrubber: takes out what names a person, leaves what radiologists write."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.scrubbing import KINDS, find, scrub


@pytest.mark.parametrize(
    ("text", "left", "counts"),
    [
        ("Called to Dr. John A. Smith.", "Called to Dr. [name].", {"name": 1}),
        ("Dr. van der Berg and Mr. O'Neill", "Dr. [name] and Mr. [name]", {"name": 2}),
        ("paged dr smith at 10:45 am", "paged dr [name] at 10:45 am", {"name": 1}),
        (
            "Electronically signed by: Jane Doe, MD",
            "Electronically signed by: [name], MD",
            {"name": 1},
        ),
        ("Patient: SMITH, JOHN\nClear.", "Patient: [name]\nClear.", {"name": 1}),
        ("DOE^JANE^A", "[name]", {"name": 1}),
        ("Thank you for referring Maria Quux.", "Thank you for referring [name].", {"name": 1}),
        ("Mary Jones is a 56-year-old.", "[name] is a 56-year-old.", {"name": 1}),
        ("Discussed with Mary Jones.", "Discussed with [name].", {"name": 1}),
        ("Dr. Smith Emergency Department", "Dr. [name] Emergency Department", {"name": 1}),
        ("on 01/31/2024, 2024-01-31, 31.01.2024", "on [date], [date], [date]", {"date": 3}),
        ("January 5, 2024; 5 Jan 2024; May 2021", "[date]; [date]; [date]", {"date": 3}),
        ("Compared to 10/12.", "Compared to [date].", {"date": 1}),
        ("20240131", "[date]", {"date": 1}),
        ("92-year-old woman", "[age]-year-old woman", {"age": 1}),
        ("Call 555-123-4567 or (555) 123-4567.", "Call [phone] or [phone].", {"phone": 2}),
        ("pager 12345", "pager [phone]", {"phone": 1}),
        ("a.b@c.example.org", "[email]", {"email": 1}),
        ("see https://pacs.example.org/x?id=1", "see [link]", {"link": 1}),
        ("MRN: 12345678 Acc# CR-123456", "MRN: [id] Acc# [id]", {"id": 2}),
        ("SSN 123-45-6789", "SSN [id]", {"id": 1}),
        ("1.2.840.113619.2.55.3", "[id]", {"id": 1}),
        ("at 12 Oak Street, Springfield, IL 62704.", "at [address].", {"address": 1}),
        ("from Mercy General Hospital", "from [address] Hospital", {"address": 1}),
    ],
)
def test_taken_out_and_counted(text: str, left: str, counts: dict[str, int]) -> None:
    found = scrub(text)
    assert (found.text, found.counts) == (left, counts)


@pytest.mark.parametrize(
    "text",
    [
        "Swan-Ganz catheter tip in the right pulmonary artery. Kerley B lines.",
        "Chiari malformation. Compression of T12 and L1. C5-C6 fusion.",
        "56-year-old man, 3 weeks old, 011M, aged 89.",
        "3/4 ribs fractured. Ribs 10-11-12. Grade 2/6 murmur.",
        "Nodule of 3.2 x 4.1 x 5.0 cm, 8 mm, was 1.5 cm. May 5 mm nodules be followed.",
        "DR CHEST PA AND LATERAL. MR. Recommend CT of the chest.",
        "Since 2019 unchanged. Seen at 14:30. SUV 4.25. EF 55-60%. PEEP 10. FiO2 0.5.",
        "Dr. XXXX was notified. Compared to XXXX.",
        "Discussed with Emergency Department. Transferred from Outside Hospital.",
        "Patient: Rotated to the left. Technique: PA and lateral. Comparison: None.",
        "Heart size normal. No pneumothorax. Lungs are clear.",
        "Kein Erguss. Herz: groß, kein Pneumothorax links in der Aufnahme im Liegen.",
        "IMPRESSION: Small Left Effusion And Mild Cardiac Enlargement With Basal Scarring.",
        "",
    ],
)
def test_what_radiologists_write_is_left_alone(text: str) -> None:
    assert find(text) == [] and scrub(text).text == text


@given(st.text(alphabet="Dr. JohnSmith MRN:1234567/-,@^()\n", max_size=120))
def test_marks_are_in_order_and_scrubbing_twice_is_once(text: str) -> None:
    marks = find(text)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(one.end <= two.start for one, two in itertools.pairwise(marks))
    assert {mark.kind for mark in marks} <= set(KINDS)
    once = scrub(text)
    assert sum(once.counts.values()) >= len(marks)
    assert scrub(once.text).text == once.text
