"""Where the lexicon is thin: for maintainers, on a corpus of their own.

``python -m benchmarks.parser_coverage CORPUS``: CORPUS is JSON lines with a ``text``, or plain
text with one draft a line. Prints the most frequent sentences that hold a finding word and yet
decide nothing (no mention comes of them), then the cues that never decided. To the terminal
only: sentences of other people's reports are not written anywhere.
"""

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from inference.parsers.rules.atoms import atoms_of
from inference.parsers.rules.lexicon import LEXICON_DIR, Kind, Lexicon, load_lexicon
from inference.parsers.rules.normalise import Normaliser
from inference.parsers.rules.phrases import expand
from inference.parsers.rules.reader import RulesParser, build
from inference.parsers.rules.sections import asserting
from inference.parsers.rules.sentences import Splitter


def drafts(corpus: Path) -> Iterator[str]:
    """Yield each draft of a JSON-lines or plain-text corpus."""
    with corpus.open(encoding="utf-8") as stream:
        for line in stream:
            if line.lstrip().startswith("{"):
                yield str(json.loads(line)["text"])
            elif line.strip():
                yield line


def undecided(
    parser: RulesParser, lexicon: Lexicon, normaliser: Normaliser, text: str
) -> Iterator[str]:
    """Yield the asserting sentences of ``text`` with a finding word and no mention."""
    tokens = normaliser.tokens(text)
    spans = [(mention.start, mention.end) for mention in parser.parse(text).mentions]
    for sentence in asserting(lexicon, Splitter(lexicon, tokens, text).split()):
        atoms = atoms_of(lexicon, tokens.words, sentence.first, sentence.stop)
        start, end = tokens.starts[sentence.first], tokens.ends[sentence.stop - 1]
        found = any(a.kind is Kind.FINDING and a.entries[0].labels for a in atoms)
        if found and not any(start <= first and last <= end for first, last in spans):
            yield " ".join(text[start:end].lower().split())


def cue_phrases() -> set[str]:
    """Return every wording of every cue, as written."""
    cues = tomllib.loads((LEXICON_DIR / "cues.toml").read_text(encoding="utf-8"))
    return {
        " ".join(words)
        for cue in cues["cue"]
        for phrase in cue["phrases"]
        for words in expand(phrase, cues["classes"])
    }


def main(argv: list[str] | None = None) -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("corpus", type=Path)
    arguments.add_argument("--top", type=int, default=40, help="sentences to list (default 40)")
    args = arguments.parse_args(argv)
    parser, lexicon = build(), load_lexicon()
    normaliser = Normaliser(lexicon)
    silent: Counter[str] = Counter()
    fired: set[str] = set()
    total = 0
    for text in drafts(args.corpus):
        total += 1
        silent.update(undecided(parser, lexicon, normaliser, text))
        fired.update(" ".join(m.cue.lower().split()) for m in parser.parse(text).mentions)
    print(f"{total} drafts; {sum(silent.values())} sentences hold a finding and decide nothing:")
    for sentence, count in silent.most_common(args.top):
        print(f"{count:6d}  {sentence}")
    never = sorted(cue_phrases() - fired)
    print(f"\n{len(never)} cue wordings never decided a mention; the shortest:")
    print("; ".join(sorted(never, key=len)[: 4 * args.top]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
