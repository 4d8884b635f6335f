"""Run one parser over texts, inside its own environment, and time it.

``python parser_runner.py TOOL JOB OUT``: JOB is JSON ``{"texts": [...], "timed": n, "targets":
{label: [phrase]}, "statements": {"label|state": [phrase]}, "excluded": [phrase]}``; the first
``timed`` texts are timed. OUT gets ``{"states": [{label: state}], "seconds", "peak_mb",
"latency_ms": [...]}``. Imports nothing of the repository unless TOOL is ``rules``, so that a
peer's environment needs nothing but the peer.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

States = dict[str, str]
Parse = Callable[[str], States]
_STRENGTH = {"present": 3, "uncertain": 2, "absent": 1}


def _add(states: States, category: str, negated: bool, uncertain: bool) -> None:
    """Add one entity; a category ``label|state`` is a state phrase, flipped when denied."""
    for name in category.split("&"):
        label, _, stated = name.partition("|")
        state = stated or "present"
        if negated:
            state = "absent" if state == "present" else "uncertain"
        elif uncertain:
            state = "uncertain"
        if _STRENGTH[state] > _STRENGTH.get(states.get(label, ""), 0):
            states[label] = state


def _categories(job: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [(phrase, label) for label, phrases in job["targets"].items() for phrase in phrases]
    rows += [(phrase, name) for name, phrases in job["statements"].items() for phrase in phrases]
    return rows + [(phrase, "excluded") for phrase in job["excluded"]]


def rules(job: dict[str, Any]) -> Parse:
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from inference.parsers import get_parser  # noqa: PLC0415

    parser = get_parser("rules")

    def parse(text: str) -> States:
        return {k.value: v.value for k, v in parser.parse(text).labels.items() if v}

    return parse


def medspacy(job: dict[str, Any]) -> Parse:
    """medspaCy's sentence splitter, target matcher and ConText with its default rules."""
    import medspacy  # noqa: PLC0415
    from loguru import logger  # noqa: PLC0415
    from medspacy.ner import TargetRule  # noqa: PLC0415

    logger.remove()  # its sentence splitter logs every token at DEBUG: not part of the reading
    nlp = medspacy.load(
        medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"]
    )
    matcher = nlp.get_pipe("medspacy_target_matcher")
    matcher.add([TargetRule(phrase, category) for phrase, category in _categories(job)])

    def parse(text: str) -> States:
        states: States = {}
        for entity in nlp(text).ents:
            if entity.label_ != "excluded" and not entity._.is_hypothetical:
                _add(states, entity.label_, entity._.is_negated, entity._.is_uncertain)
        return states

    return parse


def negspacy(job: dict[str, Any]) -> Parse:
    """spaCy's entity ruler and sentencizer with negspaCy's clinical term set."""
    import spacy  # noqa: PLC0415
    from negspacy.negation import Negex  # noqa: F401, PLC0415
    from negspacy.termsets import termset  # noqa: PLC0415

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": c, "pattern": phrase} for phrase, c in _categories(job)])
    nlp.add_pipe("negex", config={"neg_termset": termset("en_clinical").get_patterns()})

    def parse(text: str) -> States:
        states: States = {}
        for entity in nlp(text).ents:
            if entity.label_ != "excluded":
                _add(states, entity.label_, entity._.negex, False)
        return states

    return parse


TOOLS: dict[str, Callable[[dict[str, Any]], Parse]] = {
    "rules": rules,
    "medspacy": medspacy,
    "negspacy": negspacy,
}


def main(tool: str, job_path: str, out_path: str) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    job = json.loads(Path(job_path).read_text(encoding="utf-8"))
    parse = TOOLS[tool](job)
    for text in job["texts"][:20]:
        parse(text)
    states, latency, timed = [], [], job["timed"]
    for text in job["texts"]:
        # Processor time of this process: the machine may be shared, one core is all it gets.
        start = time.process_time()
        states.append(parse(text))
        latency.append(1000 * (time.process_time() - start))
    result = {
        "states": states,
        "seconds": sum(latency[:timed]) / 1000,
        "latency_ms": latency[:timed],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    Path(out_path).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:4])
