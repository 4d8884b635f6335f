"""Draft-parsing pairs (``views/parsing``) and whether flags were right (``views/flags``)."""

from pathlib import Path

from inference.release.views.write import Selected, View

# ``checked`` counts readers' words that the draft was read right; one word against it that no
# adjudicator overruled, and the audit is no example.
_PARSED = """
SELECT a.id AS audit, d.text, a.draft_labels, s.licence, a.parser,
    coalesce((SELECT list({'label': m.label, 'state': m.state, 'start': m.start, 'end': m."end",
                  'overruled': m.overruled} ORDER BY m.start, m."end", m.label)
     FROM mentions m WHERE m.audit = a.id), []) AS mentions,
    (SELECT count(*) FROM decisions x WHERE x.audit = a.id AND x.draft_read_right) AS checked
FROM audits a JOIN drafts d ON d.id = a.draft
JOIN cases c ON c.id = a."case" JOIN sources s ON s.id = c.source
WHERE d.text IS NOT NULL AND a.draft_state = 'parsed'
  AND NOT EXISTS (
    SELECT 1 FROM decisions x LEFT JOIN settled_flags z ON z.flag = x.flag
    WHERE x.audit = a.id AND x.draft_read_right = false
      AND NOT coalesce(z.rule = 'adjudicated' AND z.draft_read_right, false))
  AND NOT EXISTS (
    SELECT 1 FROM settled_flags z JOIN flags f ON f.id = z.flag
    WHERE f.audit = a.id AND z.draft_read_right = false)
ORDER BY c.id, a.id
"""
# A flag is right or wrong as far as it is settled (docs/review.md): MISSING and URGENT are right
# when the finding is there, UNSUPPORTED when it is not; a misread draft makes MISSING and
# UNSUPPORTED wrong. So "true but not relevant" is right, and what stays open is null.
_FLAGS = """
SELECT f.id AS flag, f.kind, f.label, f.reason, f.reported, f.side_agrees,
    len(f.boxes) AS boxes, len(f.spans) AS spans, a.draft_state, a.image_state, a.policy,
    a.grounder, a.parser, d.origin, c."view", c.phantom,
    (SELECT max(x.score) FROM findings x WHERE x.audit = a.id AND x.label = f.label) AS best_score,
    v.readers, v.confirmed, v.dismissed, v.indeterminate,
    z.verdict AS settled, z.rule AS settled_by,
    CASE WHEN f.kind <> 'URGENT' AND z.draft_read_right = false THEN false
        ELSE z.finding_true = (f.kind <> 'UNSUPPORTED') END AS correct,
    coalesce(v.reasons, []) AS reasons
FROM flags f JOIN audits a ON a.id = f.audit JOIN cases c ON c.id = a."case"
JOIN drafts d ON d.id = a.draft
JOIN (
    SELECT flag, count(*) AS readers,
        count(*) FILTER (verdict LIKE 'confirmed%') AS confirmed,
        count(*) FILTER (verdict = 'dismissed') AS dismissed,
        count(*) FILTER (verdict = 'indeterminate') AS indeterminate,
        list(DISTINCT reason ORDER BY reason) FILTER (reason IS NOT NULL) AS reasons
    FROM decisions GROUP BY flag
) v ON v.flag = f.id
LEFT JOIN settled_flags z ON z.flag = f.id
ORDER BY c.id, f.id
"""


def parsing(folder: Path) -> View:
    return Selected(folder / "parsing", _PARSED)


def flags(folder: Path) -> View:
    return Selected(folder / "flags", _FLAGS)
