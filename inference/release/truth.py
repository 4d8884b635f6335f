"""What is settled, by the rules of docs/review.md: SQL over a release's tables."""

TRUTH = """
CREATE OR REPLACE TABLE settled AS
    SELECT s.*, a."case", CASE s.rule WHEN 'adjudicated' THEN 3 WHEN 'agreement' THEN 2 ELSE 1 END
        AS strength
    FROM settlements s JOIN audits a ON a.id = s.audit;

-- Of one label the strongest rule holds. It stays open where settlements of that rule differ, and
-- where it is settled as absent though a reader added it and no adjudicator has ruled on that.
CREATE OR REPLACE TABLE strongest AS
    SELECT * FROM settled WHERE finding_true IS NOT NULL
    QUALIFY strength = max(strength) OVER (PARTITION BY "case", label);

CREATE OR REPLACE TABLE truths AS
    SELECT "case", label, bool_and(finding_true) AS finding_true, any_value(rule) AS rule
    FROM strongest x GROUP BY "case", label
    HAVING bool_and(finding_true) = bool_or(finding_true) AND (
        bool_or(finding_true) OR max(strength) = 3 OR NOT EXISTS (
            SELECT 1 FROM missed_findings m JOIN audits a ON a.id = m.audit
            WHERE a."case" = x."case" AND m.label = x.label
        )
    );

-- A label that somebody spoke of, also as indeterminate, and that is not settled.
CREATE OR REPLACE TABLE open_labels AS
    WITH spoken AS (
        SELECT a."case", f.label
        FROM decisions d JOIN flags f ON f.id = d.flag JOIN audits a ON a.id = f.audit
      UNION
        SELECT a."case", m.label FROM missed_findings m JOIN audits a ON a.id = m.audit
      UNION
        SELECT "case", label FROM settled
    )
    SELECT spoken.* FROM spoken WHERE NOT EXISTS (
        SELECT 1 FROM truths t WHERE t."case" = spoken."case" AND t.label = spoken.label
    );

-- Boxes that were drawn or called right. A single reader who added a label may have drawn several.
CREATE OR REPLACE TABLE true_boxes AS
    WITH held AS (
        SELECT s.* FROM strongest s JOIN truths t USING ("case", label) WHERE t.finding_true
    ), boxes AS (
        SELECT "case", label, box FROM held WHERE box IS NOT NULL
      UNION
        SELECT h."case", h.label, unnest(f.boxes) FROM held h JOIN flags f ON f.id = h.flag
        WHERE h.box IS NULL AND h.box_right
      UNION
        SELECT h."case", h.label, m.box
        FROM held h JOIN missed_findings m ON m.audit = h.audit AND m.label = h.label
        WHERE h.rule = 'single_read' AND h.basis = 'missed_finding' AND m.box IS NOT NULL
    )
    SELECT * FROM boxes;

-- What is settled of a flag, by the strongest rule; nothing where two queues settled it otherwise.
CREATE OR REPLACE TABLE settled_flags AS
    WITH best AS (
        SELECT * FROM settled WHERE flag IS NOT NULL
        QUALIFY strength = max(strength) OVER (PARTITION BY flag)
    )
    SELECT flag, any_value(rule) AS rule, any_value(verdict) AS verdict,
        any_value(finding_true) AS finding_true, any_value(draft_read_right) AS draft_read_right
    FROM best GROUP BY flag
    HAVING count(DISTINCT (replace(verdict, '_modified', ''), finding_true, draft_read_right)) = 1;
"""
