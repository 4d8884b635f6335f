"""A rule-based parser of chest X-ray drafts: an engine, and a lexicon kept apart from it."""

from inference.parsers.rules.reader import RulesParser, build

__all__ = ["RulesParser", "build"]
