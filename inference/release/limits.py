"""What is weak in a release, counted from its own tables: the card and the datasheet say it."""

from pathlib import Path

from inference.release.query import open_tables

_COUNTS = {
    "cases": "SELECT count(*) FROM cases",
    "patients": "SELECT count(DISTINCT patient) FROM cases",
    "phantoms": "SELECT count(*) FROM cases WHERE phantom",
    "without_image": "SELECT count(*) FROM cases WHERE image IS NULL",
    "without_look": "SELECT count(*) FROM cases WHERE perceptual_hash IS NULL",
    "no_view": 'SELECT count(*) FROM cases WHERE "view" IS NULL',
    "lateral": "SELECT count(*) FROM cases WHERE \"view\" = 'LATERAL'",
    "no_age": "SELECT count(*) FROM cases WHERE age IS NULL",
    "under_18": "SELECT count(*) FROM cases WHERE age < 18",
    "no_sex": "SELECT count(*) FROM cases WHERE sex IS NULL",
    "drafts": "SELECT count(*) FROM drafts",
    "without_text": 'SELECT count(*) FROM drafts WHERE "text" IS NULL',
    "not_human": "SELECT count(*) FROM drafts WHERE origin NOT IN ('human', 'edited')",
    "audits": "SELECT count(*) FROM audits",
    "partial": "SELECT count(*) FROM audits WHERE image_state = 'partial'",
    "unparsed": "SELECT count(*) FROM audits WHERE draft_state = 'unparsed'",
    "ledger": "SELECT count(*) FROM ledger",
    "flags": "SELECT count(*) FROM flags",
    "unsettled": """SELECT count(*) FROM flags f WHERE NOT EXISTS (
        SELECT 1 FROM settlements s WHERE s.flag = f.id AND s.finding_true IS NOT NULL)""",
    "adjudicated": """SELECT count(DISTINCT flag) FROM settlements
        WHERE flag IS NOT NULL AND rule = 'adjudicated'""",
    "read_once": """SELECT count(*) FROM (
        SELECT flag FROM decisions GROUP BY flag HAVING count(DISTINCT reader) = 1)""",
    "decisions": "SELECT count(*) FROM decisions",
    "flags_first": "SELECT count(*) FROM decisions WHERE mode = 'flags_first'",
    "indeterminate": "SELECT count(*) FROM decisions WHERE verdict = 'indeterminate'",
    "missed": "SELECT count(*) FROM missed_findings",
    "drawn": "SELECT count(DISTINCT audit) FROM decisions WHERE sampling_weight > 1",
    "first_views": "SELECT count(*) FROM first_views",
    "readers": """SELECT count(*) FROM (
        SELECT reader FROM decisions UNION SELECT reader FROM missed_findings
        UNION SELECT reader FROM first_views)""",
    "adjudicators": "SELECT count(DISTINCT reader) FROM adjudications",
    "banded": """SELECT count(*) FROM (
        SELECT reader FROM decisions WHERE experience IS NOT NULL
        UNION SELECT reader FROM missed_findings WHERE experience IS NOT NULL
        UNION SELECT reader FROM first_views WHERE experience IS NOT NULL)""",
    "takedowns": "SELECT count(*) FROM takedowns",
}


def count_limits(root: Path, scratch: Path | None = None) -> dict[str, int]:
    """The counts above by name; 0 where there are no rows."""
    with open_tables(root, scratch=scratch) as tables:
        # One after another: as one question they would hold all their groups at one time.
        return {name: tables.value(asked) for name, asked in _COUNTS.items()}


def limits_list(n: dict[str, int]) -> str:
    """As a Markdown list, the weakest ground first."""
    return f"""\
- {n["read_once"]} of {n["flags"]} flags were read by one person alone; {n["adjudicated"]} were
  ruled on by an adjudicator; {n["unsettled"]} are not settled as true or false, and no view takes
  them for either.
- {n["flags_first"]} of {n["decisions"]} decisions were made with the flags in sight (`mode` is
  `flags_first`): agreement between such reads overstates itself. {n["first_views"]} first views
  (`first_views`) were given before any draft or flag.
- {n["indeterminate"]} of {n["decisions"]} decisions leave the flag open.
- What the auditor missed is known only where a reader added it ({n["missed"]} times). The random
  share of unflagged audits, from which misses can be estimated, is marked by a `sampling_weight`
  above 1: {n["drawn"]} audits with a decision have one.
- {n["partial"]} of {n["audits"]} audits saw only part of their image, {n["unparsed"]} could not
  read their draft, and {n["ledger"]} things that models said could not be used (`ledger`).
- {n["phantoms"]} of {n["cases"]} cases are drawings (`phantom`); a score on them says nothing
  about patients. {n["under_18"]} are known to be under 18, for {n["no_age"]} no age is known: the
  models were trained on adults. {n["lateral"]} are lateral views, {n["no_view"]} of a view not
  told.
- {n["without_image"]} of {n["cases"]} cases are without their picture and {n["without_text"]} of
  {n["drafts"]} drafts without their text, by the terms of their source. {n["not_human"]} drafts
  were not written by a person.
- {n["without_look"]} pictures have no perceptual hash: copies of them in another split are found
  only where they are exact.
- {n["readers"]} people read, {n["adjudicators"]} adjudicated; the experience of {n["banded"]}
  readers is told. They are no sample of readers anywhere.
- Most flags of a second read are dismissed; a dismissal says something about the flag, not about
  the author of the draft."""
