"""What the scrubber finds that is there, and what it takes that is not.

``python -m benchmarks.scrubbing`` (``make bench-scrubbing``) reads the Open-i reports out of the
``torchxrayvision`` wheel (all sections; odd numbers only, the even ones were developed on). They
are de-identified: whatever the scrubber marks in them is a false mark, or an identifier that was
left in. Then it plants one made-up identifier in each and counts those still to be read. Prints the
tables and writes them into docs/privacy.md. Intervals are Wilson's, 95%.
"""

import argparse
import io
import random
import re
import tarfile
import time
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks._planted import MENDED, UNSEEN, plant, survives
from benchmarks.parser_openi import MEMBER
from benchmarks.parser_peers import ROOT, fetch_wheel
from inference.scrubbing import find, scrub

DOC = ROOT / "docs" / "privacy.md"
SEED = 20_261_126


def reports(wheel: Path) -> Iterator[tuple[int, str]]:
    """Number and text (every section) of each report that has a text, in the order of numbers."""
    packed = zipfile.ZipFile(wheel).read(MEMBER)
    found = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith(".xml") else None
            if stream is not None:
                parts = [
                    part.text or "" for part in ET.parse(stream).getroot().iter("AbstractText")
                ]
                number = int(re.sub(r"\D", "", Path(member.name).stem))
                found[number] = "\n".join(part.strip() for part in parts if part.strip())
    yield from sorted((number, text) for number, text in found.items() if text)


def share(part: int, whole: int) -> str:
    """``12.3% (10.1-14.9)``: the share and Wilson's interval at 95%."""
    z = 1.959964
    middle = (part + z * z / 2) / (whole + z * z)
    half = z * (part * (whole - part) / whole + z * z / 4) ** 0.5 / (whole + z * z)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return f"{part / whole:.1%} ({low:.1%}-{high:.1%})"


def false_marks(texts: list[str], show: bool) -> list[str]:
    kinds: Counter[str] = Counter()
    touched = 0
    for text in texts:
        marks = find(text)
        touched += bool(marks)
        kinds.update(mark.kind for mark in marks)
        for mark in marks if show else ():
            around = text[max(0, mark.start - 40) : mark.end + 30]
            print(f"  {mark.kind}: {text[mark.start : mark.end]!r} in {around!r}")
    words = sum(len(text.split()) for text in texts)
    by_kind = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) or "none"
    return [
        f"De-identified reports with a mark: {touched} of {len(texts)}, "
        f"{share(touched, len(texts))}; {sum(kinds.values())} marks in {words:,} words "
        f"({by_kind}).",
    ]


def taken_out(
    texts: list[str], wordings: dict[str, tuple[str, ...]], show: bool
) -> tuple[Counter[str], Counter[str]]:
    """How many were planted and how many of them are gone, by kind and as ``all``."""
    draw = random.Random(SEED)
    planted: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for text in texts:
        one = plant(text, draw, wordings)
        left = survives(one, scrub(one.text).text)
        for key in (one.kind, "all"):
            planted[key] += 1
            gone[key] += not left
        if left and show:
            print(f"  left: {one.secret!r} ({one.kind})")
    return planted, gone


def recall(texts: list[str], show: bool) -> list[str]:
    sets = [taken_out(texts, wordings, show) for wordings in (UNSEEN, MENDED)]
    rows = []
    for kind in (*UNSEEN, "all"):
        cells = [f"{share(gone[kind], n[kind])}, n = {n[kind]}" for n, gone in sets]
        rows.append(f"| {kind} | {' | '.join(cells)} |")
    head = "| taken out whole (95%) | wordings not mended for | wordings mended for |"
    return [head, "|---|---|---|", *rows]


def speed(texts: list[str]) -> str:
    started = time.process_time()
    for text in texts:
        scrub(text)
    taken = time.process_time() - started
    return f"{len(texts) / taken:,.0f} reports a second on one core."


def write_doc(lines: list[str], doc: Path = DOC) -> None:
    begin, end = "<!-- scrubbing:begin -->", "<!-- scrubbing:end -->"
    text = doc.read_text(encoding="utf-8")
    head, tail = text.split(begin)[0], text.split(end)[1]
    doc.write_text(f"{head}{begin}\n" + "\n".join(lines) + f"\n{end}{tail}", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--wheel", type=Path, help="the torchxrayvision 1.5.7 wheel, if at hand")
    parser.add_argument("--even", action="store_true", help="the reports it was developed on")
    parser.add_argument("--show", action="store_true", help="every mark and miss, to the terminal")
    parser.add_argument("--no-doc", action="store_true", help="print only")
    args = parser.parse_args(argv)
    known = list(reports(args.wheel or fetch_wheel()))
    texts = [text for number, text in known if number % 2 != args.even]
    lines = [*false_marks(texts, args.show), "", *recall(texts, args.show), "", speed(texts)]
    print("\n".join(lines))
    if not args.no_doc and not args.even:
        write_doc(lines)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
