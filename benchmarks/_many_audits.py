"""A site full of audits as they come: few failed, half without a flag, 4 of 5 in a review queue.

Everything about an audit follows from its number, so a site grows: `grow(1, 1000)`, then
`grow(1001, 100_000)`. The plan of each audit, flag and slot is written to tables of the benchmark's
own first; the platform's tables are filled from those. Checks and unique constraints hold.
"""

import json

from audits.models import (
    Adjudication,
    Audit,
    AuditLogActor,
    AuditLogEntry,
    AuditLogSeal,
    AuditStep,
    Case,
    Claim,
    Decision,
    Draft,
    Exposure,
    FailedStep,
    Finding,
    Flag,
    Generation,
    LedgerRow,
    Mention,
    ModelVersion,
    Queue,
    Read,
    ReviewItem,
    ReviewSlot,
    Sending,
    Settlement,
    Source,
    User,
)
from benchmarks._sql_rows import fill, key, run, sha
from inference.vocabulary import LABELS, Label

QUEUES, SOURCES, READERS, VERSIONS = 20, 4, 60, 6
RARE_WORD = "pneumoperitoneum"
"""In one draft of 5,000."""
_SENTENCES = (
    "The lungs are clear without focal consolidation.",
    "Heart size is at the upper limit of normal.",
    "Small right pleural effusion with adjacent atelectasis.",
    "No pneumothorax is seen.",
    "Left basal opacity, likely atelectasis, pneumonia not excluded.",
    "Sternotomy wires are intact and aligned.",
    "The mediastinal contour is unremarkable.",
    "A right internal jugular catheter ends in the superior vena cava.",
    "Mild interstitial oedema, slightly better than before.",
    "Degenerative changes of the thoracic spine.",
    "No acute osseous abnormality.",
    "A 7 mm nodule projects over the right upper lobe.",
)
_SAID = f"(ARRAY[{', '.join(repr(one) for one in _SENTENCES)}])"
_LABELS = f"ARRAY[{', '.join(repr(label.value) for label in LABELS)}]"
_STATES = json.dumps({label.value: "present" for label in LABELS})
_AT = "timestamptz '2026-08-01 00:00+00' + n * interval '1 minute'"

_PLANS = (
    # The share of a name and a number that chance gives: from 0 up to 1, the same every time.
    """CREATE FUNCTION luck(what text, n bigint) RETURNS float IMMUTABLE LANGUAGE sql AS
       $$SELECT (hashtextextended(what || ':' || n, 7) & 1048575) / 1048576.0$$""",
    "CREATE TABLE plan_audits (n bigint, state text, flags int, source int, version int)",
    "CREATE TABLE plan_flags (n bigint, k int, kind text, label text, reported bool)",
    "CREATE TABLE plan_slots (n bigint, r int, queue int, state text, reader int, drawn float)",
    "CREATE INDEX ON plan_audits (n)",
    "CREATE INDEX ON plan_flags (n)",
    "CREATE INDEX ON plan_slots (n)",
)


def found() -> None:
    """The people, sources, versions and queues that all audits share. Once for a site."""
    for sql in _PLANS:
        run(sql)
    for k in range(READERS):
        User.objects.create(id=_uuid("reader", k), username=f"reader-{k}")
    User.objects.create(username="curator", is_curator=True)
    User.objects.create(username="root", is_staff=True)
    for k in range(SOURCES):
        Source.objects.create(id=_uuid("source", k), slug=f"made-{k}", name=f"Made {k}")
    for kind in ("grounder", "parser"):
        for k in range(VERSIONS):
            ModelVersion.objects.create(
                id=_uuid(kind, k),
                kind=kind,
                name="made",
                version=str(k),
                hash=f"{k}" * 64,
                may_release_output=True,
            )
    for k in range(QUEUES):
        blind = {"mode": "blind_first", "order": "random"} if k == 0 else {}
        Queue.objects.create(
            id=_uuid("queue", k),
            name=f"queue {k}",
            reads_per_item=2,
            open_to_all=k < QUEUES - 4,
            **blind,
        )


def grow(first: int, last: int) -> None:
    """The audits of these numbers, with all that hangs on them."""
    span = f"n BETWEEN {first} AND {last}"
    # Keys hold by construction: looking each one up would take most of the time.
    run("SET session_replication_role = replica")
    _plan(first, last)
    _cases(span)
    _evidence(span)
    _reviews(span)
    _log(span)
    run("SET session_replication_role = origin")
    run("VACUUM ANALYZE")


def _uuid(kind: str, k: int) -> str:
    from hashlib import md5  # noqa: PLC0415 - the database's own md5, for ids alone

    return md5(f"{kind}0{k}".encode(), usedforsecurity=False).hexdigest()


def _of(kind: str, number: str) -> str:
    """The id that `_uuid` gives, in SQL."""
    return f"md5('{kind}0' || ({number}))::uuid"


def _plan(first: int, last: int) -> None:
    run(f"""INSERT INTO plan_audits SELECT n,
            CASE WHEN luck('state', n) < 0.95 THEN 'done' WHEN luck('state', n) < 0.98 THEN 'failed'
                 WHEN luck('state', n) < 0.99 THEN 'cancelled' ELSE 'queued' END,
            CASE WHEN luck('state', n) >= 0.95 OR luck('flags', n) < 0.5 THEN 0
                 WHEN luck('flags', n) < 0.8 THEN 1 WHEN luck('flags', n) < 0.95 THEN 2 ELSE 3 END,
            CASE WHEN luck('source', n) < 0.01 THEN 3 ELSE floor(3 * luck('source', n)) END,
            CASE WHEN luck('version', n) < 0.7 THEN 0
                 ELSE floor({VERSIONS} * luck('other', n)) END
            FROM generate_series({first}, {last}) AS n""")
    run(f"""INSERT INTO plan_flags SELECT n, k, kind, label,
            CASE WHEN kind = 'URGENT' THEN luck('reported', n) < 0.5 END
            FROM (SELECT n, k, (ARRAY['MISSING', 'UNSUPPORTED', 'URGENT'])[k] AS kind,
            CASE WHEN k = 3 THEN CASE WHEN luck('tier', n) < 0.3 THEN '{Label.PNEUMOTHORAX}'
                                 ELSE '{Label.NODULE_MASS}' END
                 WHEN luck('label' || k, n) < 0.37 THEN '{Label.PLEURAL_EFFUSION}'
                 WHEN luck('label' || k, n) < 0.70 THEN '{Label.LUNG_OPACITY_CONSOLIDATION}'
                 WHEN luck('label' || k, n) < 0.97 THEN '{Label.CARDIOMEGALY}'
                 WHEN luck('label' || k, n) < 0.99 THEN '{Label.NODULE_MASS}'
                 ELSE '{Label.PNEUMOTHORAX}' END AS label
            FROM plan_audits, generate_series(1, flags) AS k
            WHERE n BETWEEN {first} AND {last}) AS made""")
    run(f"""INSERT INTO plan_slots SELECT n, r, mod(n, 25),
            CASE WHEN luck('slot' || r, n) < 0.6 THEN 'submitted'
                 WHEN luck('slot' || r, n) < 0.61 THEN 'leased' ELSE 'free' END,
            mod(n * 7 + r * 31, {READERS}), luck('rank', n)
            FROM plan_audits, generate_series(1, 2) AS r
            WHERE n BETWEEN {first} AND {last} AND state = 'done' AND mod(n, 25) < {QUEUES}""")


def _cases(span: str) -> None:
    each = f"plan_audits WHERE {span}"
    fill(
        Case,
        each,
        id=key("case", "n"),
        source_id=_of("source", "source"),
        file_sha256=sha("file"),
        pixels_sha256=sha("pixels"),
        patient_hash="encode(sha256(('patient' || n / 3)::bytea), 'hex')",
        view="CASE WHEN luck('view', n) < 0.6 THEN 'PA' ELSE 'AP' END",
        age="20 + mod(n, 60)",
        width="1024",
        height="1024",
        perceptual_hash="hashtextextended('look' || n, 0)",
        image="'none'",
        created_at=_AT,
        burned_in="luck('burned', n) < 0.02",
    )
    words = " || ' ' || ".join(
        f"{_SAID}[1 + floor({len(_SENTENCES)} * luck('said{k}', n))]" for k in range(5)
    )
    rare = f"CASE WHEN mod(n, 5000) = 77 THEN ' No {RARE_WORD}.' ELSE '' END"
    fill(
        Draft,
        each,
        id=key("draft", "n"),
        case_id=key("case", "n"),
        text=f"{words} || {rare}",
        sha256=sha("draft"),
        scrubbed="CASE WHEN luck('name', n) < 0.02 THEN '{\"name\": 1}' ELSE '{}' END::jsonb",
        created_at=_AT,
    )
    fill(
        Sending,
        f"{each} AND mod(n, 10) = 0",
        id=key("sending", "n"),
        draft_id=key("draft", "n"),
        user_id=_of("reader", f"mod(n / 10, {READERS})"),
    )
    done = "CASE WHEN state = 'done' THEN {} END"
    fill(
        Audit,
        f"{each}",
        id=key("audit", "n"),
        case_id=key("case", "n"),
        draft_id=key("draft", "n"),
        grounder_id=_of("grounder", "version"),
        parser_id=_of("parser", "version"),
        policy="'1'",
        state="state",
        image_state=done.format("'grounded'"),
        draft_state=done.format("'parsed'"),
        image_labels=done.format(f"'{_STATES}'::jsonb"),
        draft_labels=done.format(f"'{_STATES}'::jsonb"),
        score=done.format("90"),
        urgency_rank="CASE WHEN flags < 3 THEN 0 ELSE 1 + floor(4 * luck('tier', n)) END",
        failure_code="CASE WHEN state = 'failed' THEN 'model_failed' ELSE '' END",
        created_at=_AT,
        finished_at=f"CASE WHEN state <> 'queued' THEN {_AT} END",
    )


def _evidence(span: str) -> None:
    done = f"plan_audits, generate_series(1, 4) AS k WHERE {span} AND state = 'done'"
    label = f"({_LABELS})[k]"
    span_of = {"start": "k * 10", "end": "k * 10 + 8"}
    audit = {"audit_id": key("audit", "n"), "position": "k"}
    box = {"y0": "0.1", "x0": "0.2", "y1": "0.3", "x1": "0.4", "score": "0.9"}
    fill(Finding, f"{done} AND k <= 2", id=key("finding", "n", "k"), **audit, **box, label=label)
    fill(
        Mention,
        done,
        id=key("mention", "n", "k"),
        **audit,
        **span_of,
        label=label,
        state="'present'",
        text="'effusion'",
    )
    fill(
        Claim,
        done,
        id=key("claim", "n", "k"),
        **audit,
        **span_of,
        text="'effusion'",
        type="'finding'",
        labels=f"ARRAY[{label}]",
        alignment="'supported'",
    )
    fill(
        Flag,
        f"plan_flags WHERE {span}",
        id=key("flag", "n", "k"),
        **audit,
        kind="kind",
        label="label",
        reason="CASE WHEN kind = 'MISSING' THEN 'omitted' END",
        reported="reported",
        urgency_tier=f"CASE WHEN kind <> 'URGENT' THEN NULL WHEN label = '{Label.PNEUMOTHORAX}' "
        "THEN 1 ELSE 2 END",
        boxes="'[[0.1, 0.2, 0.3, 0.4]]'::jsonb",
    )
    ended = "CASE WHEN state = 'queued' THEN NULL ELSE {} END"
    fill(
        AuditStep,
        f"plan_audits, generate_series(1, 3) AS k WHERE {span}",
        id=key("step", "n", "k"),
        audit_id=key("audit", "n"),
        name="(ARRAY['grounding', 'parsing', 'comparing'])[k]",
        state="CASE WHEN state = 'queued' THEN 'waiting' WHEN state = 'failed' AND k = 1 "
        "THEN 'failed' ELSE 'done' END",
        failure_code="CASE WHEN state = 'failed' AND k = 1 THEN 'model_failed' ELSE '' END",
        started_at=ended.format(_AT),
        ended_at=ended.format(f"{_AT} + interval '3 seconds'"),
        ms=ended.format("200 + floor(3000 * luck('ms' || k, n))"),
    )
    fill(
        FailedStep,
        f"plan_audits WHERE {span} AND state = 'failed'",
        id=key("failure", "n"),
        audit_id=key("audit", "n"),
        step="'grounding'",
        attempt="1",
        claims="1",
        code="'model_failed'",
    )
    fill(
        Generation,
        f"plan_audits WHERE {span} AND version > 0 AND state = 'done'",
        id=key("generation", "n"),
        audit_id=key("audit", "n"),
        model_id=_of("grounder", "version"),
        step="'grounding'",
        attempt="1",
        position="1",
        outcome="CASE WHEN luck('heal', n) < 0.05 THEN 'recovered' ELSE 'used' END",
        raw='repeat(\'{"label": "cardiomegaly"} \', 20)',
        ms="1500",
        created_at=_AT,
    )
    fill(
        LedgerRow,
        f"plan_audits WHERE {span} AND luck('ledger', n) < 0.05",
        id=key("ledger", "n"),
        audit_id=key("audit", "n"),
        position="1",
        step="'grounding'",
        reason="'bad_box'",
        raw="'[1, 2, 3]'",
    )


def _reviews(span: str) -> None:
    slots = f"plan_slots WHERE {span}"
    reader = _of("reader", "reader")
    fill(
        ReviewItem,
        f"{slots} AND r = 1",
        id=key("item", "n"),
        queue_id=_of("queue", "queue"),
        audit_id=key("audit", "n"),
        created_at=_AT,
    )
    fill(
        ReviewSlot,
        slots,
        id=key("slot", "n", "r"),
        item_id=key("item", "n"),
        number="r",
        queue_id=_of("queue", "queue"),
        rank="CASE WHEN queue = 0 THEN floor(2147483647 * drawn) ELSE 10 + mod(n, 3) * 10 END",
        state="state",
        reviewer_id=f"CASE WHEN state <> 'free' THEN {reader} END",
        lease_token="CASE WHEN state = 'leased' THEN gen_random_uuid() END",
        fence="CASE WHEN state = 'free' THEN 0 ELSE 1 END",
        leased_until="CASE WHEN state = 'leased' THEN now() + interval '15 minutes' END",
    )
    over = "CASE WHEN state = 'submitted' THEN {} END"
    fill(
        Read,
        f"{slots} AND state <> 'free'",
        id=key("read", "n", "r"),
        slot_id=key("slot", "n", "r"),
        fence="1",
        reviewer_id=reader,
        nothing_else_missed=over.format("true"),
        opened_at=_AT,
        submitted_at=over.format(_AT),
    )
    fill(
        Exposure,
        f"{slots} AND state <> 'free'",
        case_id=key("case", "n"),
        user_id=reader,
    )
    fill(
        Decision,
        f"plan_slots JOIN plan_flags USING (n) WHERE {span} AND state = 'submitted'",
        id=key("decision", "n", "k", "r"),
        read_id=key("read", "n", "r"),
        flag_id=key("flag", "n", "k"),
        number="k",
        verdict="CASE WHEN luck('no' || k || r, n) < 0.2 THEN 'dismissed' ELSE 'confirmed' END",
        reason="CASE WHEN luck('no' || k || r, n) < 0.2 THEN 'not_on_image' END",
        active_seconds="12.5",
        created_at=_AT,
    )
    both = f"""(SELECT n, queue, luck('differ', n) AS fate FROM plan_slots WHERE {span}
                GROUP BY n, queue HAVING bool_and(state = 'submitted')) AS ended"""
    fill(
        Adjudication,
        f"{both} WHERE fate < 0.2",
        id=key("adjudication", "n"),
        item_id=key("item", "n"),
        queue_id=_of("queue", "queue"),
        differs="'[]'::jsonb",
        opened_at=_AT,
    )
    fill(
        Settlement,
        f"{both} JOIN plan_flags USING (n) WHERE fate >= 0.2",
        id=key("settlement", "n", "k"),
        item_id=key("item", "n"),
        case_id=key("case", "n"),
        label="label",
        flag_id=key("flag", "n", "k"),
        basis="'flag'",
        rule="'agreement'",
        verdict="CASE WHEN luck('no' || k, n) < 0.2 THEN 'dismissed' ELSE 'confirmed' END",
        reason="CASE WHEN luck('no' || k, n) < 0.2 THEN 'not_on_image' END",
        finding_true="true",
    )


def _log(span: str) -> None:
    """Two entries for an audit, two for each read; all but the last hundredth sealed."""
    audits = f"""SELECT n, 0 AS r, did, 'audit' AS what, {key("audit", "n")} AS thing, NULL AS who
                 FROM plan_audits, unnest(ARRAY['audit.created', 'audit.done']) AS did
                 WHERE {span}"""
    reads = f"""SELECT n, r, did, 'reviewslot', {key("slot", "n", "r")}, reader
                FROM plan_slots, unnest(ARRAY['slot.claimed', 'read.submitted']) AS did
                WHERE {span} AND state = 'submitted'"""
    entries = f"({audits} UNION ALL {reads}) AS told"
    this = key("entry", "n", "r", "did")
    fill(
        AuditLogEntry,
        entries,
        id=this,
        at=_AT,
        action="did",
        object_type="what",
        object_id="thing",
    )
    fill(
        AuditLogActor,
        f"{entries} WHERE who IS NOT NULL",
        entry_id=this,
        user_id=_of("reader", "who::int"),
        address="'192.0.2.7'::inet",
    )
    fill(
        AuditLogSeal,
        f"(SELECT *, row_number() OVER (ORDER BY n, r, did) AS k FROM {entries}) AS one "
        "WHERE luck('sealed', n) < 0.99",
        position="(SELECT coalesce(max(position), 0) FROM audits_auditlogseal) + k",
        entry_id=this,
        previous=sha("before"),
        hash=sha("this"),
    )
    # The trigger that lists them is off while rows are filled in.
    run("""INSERT INTO audits_auditlogtail SELECT id FROM audits_auditlogentry e WHERE NOT EXISTS
           (SELECT FROM audits_auditlogseal s WHERE s.entry_id = e.id) ON CONFLICT DO NOTHING""")


def done_audits(count: int, flags: int | None = None) -> None:
    """So many audits that are done, with one to three flags each (or exactly so many), and nothing
    that was said of them."""
    found()
    last = 5 * count + 100
    _plan(1, last)
    some = "flags > 0" if flags is None else f"flags = {flags}"
    kept = f"SELECT n FROM plan_audits WHERE {some} ORDER BY n LIMIT {count}"
    for table in ("plan_audits", "plan_flags"):
        run(f"DELETE FROM {table} WHERE n NOT IN ({kept})")
    span = f"n BETWEEN 1 AND {last}"
    _cases(span)
    _evidence(span)
    run("VACUUM ANALYZE")
