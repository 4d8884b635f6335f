"""Sentences with identifiers that nobody has, to plant in reports: what a scrubber has to find.

Both sets come from the hand that wrote the rules, before the rules were run on them. What the
first run missed of ``MENDED`` was mended for these wordings; after that of ``UNSEEN`` one general
rule was added, and no more. On the notes of another hospital the scrubber will find less.
"""

import random
from dataclasses import dataclass

_FIRST = (
    "James Mary Wei Fatima José Anna Olga Kwame Priya Björn Nguyen Aisha Liam Chloe Hiroshi Ingrid "
    "Pedro Sofía Mohammed Yuki Thabo Eleni Rajesh Siobhan Dmitri"
)
_LAST = (
    "Kowalski|Hernández|Okafor|Müller|Smith|Zhang|O'Brien|van Dijk|Al-Farsi|Nakamura|Petrov|García|"
    "Johansson|Mbeki|Patel|McDonald|Rossi|Le|Turner|Young|Brown|de la Cruz|Fitzgerald|Osei|"
    "Lindqvist"
)
FIRST, LAST = _FIRST.split(), _LAST.split("|")
STREETS = ("Maple Street", "Kings Road", "Ocean Avenue", "Old Mill Lane", "Fifth Ave", "Hill Dr")
TOWNS = ("Springfield, IL 62704", "Dayton, OH 45402", "Reading RG1 4PS", "Austin, TX 78701")
_MONTHS = "January February March April May June July August September October November December"
MONTHS = _MONTHS.split()

MENDED: dict[str, tuple[str, ...]] = {
    "name": (
        "Findings were called to Dr. {it} by the resident.",
        "Results discussed with {it} over the phone at 3:15 PM.",
        "ELECTRONICALLY SIGNED BY: {upper}",
        "Dictated by {it}, MD.",
        "Reported by: {it} FRCR",
        "Patient name: {it}.",
        "{it} is a 54-year-old smoker.",
        "Referring physician: {it}.",
        "I have personally reviewed the images with Dr {it}.",
        "Mrs. {last} was unable to raise her arms.",
        "Attending: {it}, M.D.",
        "Message left for Dr. {last}'s office.",
        "NAME: {comma}",
        "Critical result telephoned to {it}, RN.",
        "Seen and agreed, {it}, consultant radiologist.",
    ),
    "date": (
        "Comparison: {slash}.",
        "Compared with the radiograph of {long}.",
        "Prior study dated {iso}.",
        "CT chest {long} was reviewed.",
        "Since {monthday} the effusion has decreased.",
        "DOB {slash}",
        "Last seen in {monthyear}.",
        "Exam date {dots}, 14:20.",
        "Stable from {short}.",
        "Line placed {daymonth}.",
    ),
    "phone": (
        "Please call {us} with questions.",
        "Paged at {plain}.",
        "Tel. {uk}",
        "Reading room: {paren}.",
        "Contact +{intl} for addendum.",
        "ext. {ext}",
    ),
    "email": ("Questions: {mail}", "Copy to {mail}."),
    "id": (
        "MRN: {digits}",
        "Accession {acc}.",
        "Medical record number {digits}",
        "Patient ID {alnum}.",
        "SSN {ssn}",
        "Exam {acc} performed portably.",
        "Order #{digits}.",
        "Visit no. {alnum}",
    ),
    "address": (
        "Lives at {street}.",
        "{street}, {town}",
        "Transferred from {hospital}.",
        "Home address {street} {town}.",
    ),
}

UNSEEN: dict[str, tuple[str, ...]] = {
    "name": (
        "Thank you for referring {it}.",
        "{it} will be contacted by the clinic.",
        "Addendum by {it}: lines unchanged.",
        "The above was conveyed to the patient's wife, {it}.",
        "cc: {it}",
        "RADIOLOGIST {upper}",
        "Mr {last}'s previous films are not available.",
        "Resident: {it} / Attending: pending",
        "Interpreted by Drs. {last} and staff.",
        "Verbal report given to {it} on the ward.",
        "Film labelled {comma}.",
        "{it} (consultant) agrees.",
    ),
    "date": (
        "Comparison is made to {long} and earlier.",
        "({slash})",
        "Admitted {daymonth}, now day 3.",
        "Since the {monthday} study no change.",
        "Date of birth {iso}.",
        "Exam: {dots}",
        "Film of {monthyear}: clear.",
        "{short} 08:30: portable chest.",
    ),
    "phone": (
        "Reach me at {us}.",
        "My number is {plain}.",
        "tel {paren}",
        "Dial {us} or page {ext}.",
        "Call back on {uk}.",
    ),
    "email": ("mail to <{mail}>", "{mail} was informed."),
    "id": (
        "Film no {digits}",
        "({acc})",
        "Hospital no. {alnum}",
        "Pt ID: {digits}",
        "reference {acc}",
        "NHS number {digits}",
    ),
    "address": (
        "Resident of {street}.",
        "Address: {street}, {town}",
        "Outside films from {hospital}, Boston.",
        "Discharged to {hospital}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """A report's text with one sentence more; ``secret`` is what must not be left of it."""

    kind: str
    text: str
    secret: str


def plant(text: str, draw: random.Random, wordings: dict[str, tuple[str, ...]]) -> Planted:
    """Put one sentence between two lines or sentences of the report, or at either end."""
    kind = draw.choice(list(wordings))
    made = _values(draw)
    template = draw.choice(wordings[kind])
    name = template[template.index("{") + 1 : template.index("}")]
    sentence = template.format(**made)
    places = [0, *(at + 2 for at in range(len(text) - 1) if text[at : at + 2] == ". "), len(text)]
    at = draw.choice(places)
    before = f"{text} " if at == len(text) else text[:at]
    return Planted(kind, f"{before}{sentence} {text[at:]}", made[name])


def _values(draw: random.Random) -> dict[str, str]:
    first, last = draw.choice(FIRST), draw.choice(LAST)
    day, month, year = draw.randint(1, 28), draw.randint(1, 12), draw.randint(1935, 2025)
    n = "".join(draw.choice("0123456789") for _ in range(12))
    word = MONTHS[month - 1]
    return {
        "it": f"{first} {last}",
        "upper": f"{first} {last}".upper(),
        "last": last,
        "comma": f"{last.upper()}, {first.upper()}",
        "slash": f"{month}/{day}/{year}",
        "long": f"{word} {day}, {year}",
        "iso": f"{year}-{month:02}-{day:02}",
        "monthday": f"{word} {day}",
        "monthyear": f"{word} {year}",
        "dots": f"{day:02}.{month:02}.{year}",
        "short": f"{month:02}/{day:02}/{year % 100:02}",
        "daymonth": f"{day} {word[:3]} {year}",
        "us": f"{draw.randint(201, 989)}-{n[:3]}-{n[3:7]}",
        "plain": f"{draw.randint(201, 989)}{n[:7]}",
        "uk": f"020 {n[:4]} {n[4:8]}",
        "paren": f"({draw.randint(201, 989)}) {n[:3]}-{n[3:7]}",
        "intl": f"44 20 {n[:4]} {n[4:8]}",
        "ext": n[:5],
        "mail": f"{first}.{last.split()[-1]}@hospital.example.org".lower(),
        "digits": f"{draw.randint(1, 9)}{n[:7]}",
        "acc": f"CR{n[:8]}",
        "alnum": f"{draw.choice('ABHJ')}{n[:6]}",
        "ssn": f"{draw.randint(100, 899)}-{n[:2]}-{n[2:6]}",
        "street": f"{draw.randint(1, 900)} {draw.choice(STREETS)}",
        "town": draw.choice(TOWNS),
        "hospital": f"{draw.choice(('St. Luke', 'Riverside', 'Mount Carmel'))} Hospital",
    }


def survives(planted: Planted, scrubbed: str) -> bool:
    """Whether a word of the secret with a capital or a digit is still to be read."""
    before = planted.text.replace(planted.secret, " ")
    words = [word.strip(".,()+#'") for word in planted.secret.split()]
    telling = [
        word
        for word in words
        if len(word) > 1
        and (word[0].isupper() or any(map(str.isdigit, word)) or "@" in word)
        and word not in ("St", "Hospital")
        and word not in before
    ]
    return any(word in scrubbed for word in telling)
