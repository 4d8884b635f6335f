"""Who gets which answer at each address of the API, for objects of a queue that has members.

One entry for each method that an address has, in the order of ``ROLES``; every other method is
refused to everybody. A new address is declared here, with the answer that its role has a right to.
"""

Answers = tuple[int | frozenset[int], ...]

ROLES = ("outsider", "reader", "curator", "administrator")
"""``outsider``: a reviewer without the queue. ``reader``: its member, who holds its slot."""

EVERYBODY: Answers = (200, 200, 200, 200)
MEMBERS: Answers = (404, 200, 200, 200)
"""Hidden from whoever has no part in the queue, as if it did not exist."""
CURATORS: Answers = (403, 403, 200, 200)
CURATORS_CREATE: Answers = (403, 403, 201, 201)
CURATORS_TOO_EARLY: Answers = (403, 403, 409, 409)
"""Theirs to do, but not in the state that the object is in."""
ADMINISTRATORS: Answers = (403, 403, 403, 200)

_NOT_YOURS = frozenset({404, 409})


def holder(status: int) -> Answers:
    """Only who holds the slot: the token alone, read off the wire, helps nobody else."""
    return (_NOT_YOURS, status, _NOT_YOURS, _NOT_YOURS)


NOBODY_HERE: Answers = (404, 404, 404, 404)
"""Only the queue's adjudicators, whom no role makes."""

ACCESS: dict[str, dict[str, Answers]] = {
    "adjudication": {"get": NOBODY_HERE},
    "adjudication-claim": {"post": NOBODY_HERE},
    "adjudication-release": {"post": (400, 400, 400, 400)},  # sent without a lease here
    "adjudication-settle": {"post": (400, 400, 400, 400)},
    "adjudications": {"get": EVERYBODY},
    "alerts": {"get": CURATORS},
    "audit": {"get": MEMBERS},
    "audit-cancel": {"post": (404, 403, 409, 409)},
    "audit-events": {"get": (404, 503, 503, 503)},
    "audit-failures": {"get": ADMINISTRATORS},
    "audit-fhir": {"get": MEMBERS},
    "audit-generations": {"get": MEMBERS},
    "audit-log": {"get": ADMINISTRATORS},
    "audit-log-chain": {"get": ADMINISTRATORS},
    "audit-log-export": {"get": ADMINISTRATORS},
    "audit-retry": {"post": (404, 403, 409, 409)},
    "audit-sr": {"get": MEMBERS},
    "audits": {"get": EVERYBODY},
    "audits-retry": {"post": ADMINISTRATORS},
    "backends": {"get": EVERYBODY},
    "batch": {"get": CURATORS},
    "batch-cancel": {"post": CURATORS},
    "batch-events": {"get": (404, 404, 503, 503)},
    "batch-items": {"get": CURATORS},
    "batch-retry": {"post": CURATORS},
    "batches": {"get": CURATORS, "post": CURATORS_CREATE},
    "case": {"get": MEMBERS},
    "case-audits": {"post": (404, 201, 201, 201)},
    "case-drafts": {"post": (404, 201, 201, 201)},
    "case-image": {"get": MEMBERS},
    "case-pixels": {"get": MEMBERS},
    "case-thumbnail": {"get": MEMBERS},
    "case-clear-burned-in": {"post": CURATORS_TOO_EARLY},
    "case-withdraw": {"post": CURATORS},
    "cases": {"get": EVERYBODY, "post": (415, 415, 415, 415)},
    "comparison": {"get": (403, 403, 404, 404)},  # none is there
    "comparisons": {"get": CURATORS, "post": (403, 403, 400, 400)},
    "delivery-replay": {"post": ADMINISTRATORS},
    "draft-clear": {"post": CURATORS_TOO_EARLY},
    "import": {"get": CURATORS},
    "import-cancel": {"post": CURATORS},
    "import-content": {"put": (403, 403, 415, 415), "patch": (403, 403, 415, 415)},
    "import-errors": {"get": CURATORS},
    "import-rows": {"get": CURATORS},
    "import-start": {"post": CURATORS_TOO_EARLY},
    "imports": {"get": CURATORS, "post": CURATORS_CREATE},
    "model": {"get": EVERYBODY},
    "model-card": {"get": EVERYBODY},
    "model-weeks": {"get": CURATORS},
    "model-promote": {"post": (403, 403, 403, 201)},
    "models": {"get": EVERYBODY},
    "promotions": {"get": EVERYBODY},
    "my-experience": {"get": EVERYBODY, "put": (400, 400, 400, 400)},  # without a word
    "my-password": {"post": (400, 400, 400, 400)},  # without the old one
    "my-second-factor": {"get": EVERYBODY, "post": (400, 400, 400, 400)},
    "my-second-factor-confirm": {"post": (400, 400, 400, 400)},
    "my-second-factor-remove": {"post": (400, 400, 400, 400)},
    "my-sign-out-elsewhere": {"post": (204, 204, 204, 204)},
    "my-token": {"delete": (404, 204, 404, 404)},
    "my-tokens": {"get": EVERYBODY, "post": (201, 201, 201, 201)},
    "people": {"get": ADMINISTRATORS},
    "person": {"get": ADMINISTRATORS, "patch": ADMINISTRATORS},
    "person-second-factor": {"delete": (403, 403, 403, 204)},
    "queue-member": {"delete": (403, 403, 204, 204)},
    "queue-members": {"get": CURATORS, "post": CURATORS},  # who is one already
    "queue": {"get": MEMBERS, "patch": CURATORS},
    "queue-agreement": {"get": (404, 403, 200, 200)},
    "queue-assignment": {"delete": CURATORS},
    "queue-assignments": {"get": CURATORS, "post": CURATORS},
    "queue-claim": {"post": (404, 200, 403, 403)},
    "queue-fill": {"post": CURATORS},
    "queue-next": {"get": (404, 200, 403, 403)},
    "queues": {"get": EVERYBODY, "post": CURATORS_CREATE},
    "read": {"get": NOBODY_HERE},
    "read-reopen": {"post": NOBODY_HERE},
    "reads": {"get": EVERYBODY},
    "release": {"get": EVERYBODY},
    "release-archive": {"get": (409, 409, 409, 409)},
    "release-diff": {"get": (400, 400, 400, 400)},  # none came before it
    "release-file": {"get": (404, 404, 404, 404)},
    "release-publish": {"post": CURATORS_TOO_EARLY},
    "releases": {"get": EVERYBODY, "post": CURATORS_CREATE},
    "slot": {"get": (404, 200, 404, 404)},
    "slot-commit": {"post": holder(409)},  # its queue shows the flags at once
    "slot-decisions": {"post": holder(201)},
    "slot-heartbeat": {"post": holder(200)},
    "slot-missed-findings": {"post": holder(201)},
    "slot-reclaim": {"post": holder(200)},
    "slot-release": {"post": holder(204)},
    "slot-skip": {"post": holder(204)},
    "slot-submit": {"post": holder(400)},
    "slot-undo": {"post": holder(200)},
    "sign-in-lock": {"delete": (403, 403, 403, 204)},
    "sign-in-locks": {"get": ADMINISTRATORS},
    "source": {"get": EVERYBODY, "patch": CURATORS},
    "sources": {"get": EVERYBODY, "post": CURATORS_CREATE},
    "stats": {"get": EVERYBODY},
    "synthetic-drafts": {"get": CURATORS, "post": (403, 403, 400, 400)},
    "withdrawals": {"get": CURATORS},
    "webhook": {
        "get": ADMINISTRATORS,
        "patch": ADMINISTRATORS,
        "delete": (403, 403, 403, 204),
    },
    "webhook-deliveries": {"get": ADMINISTRATORS},
    "webhook-secret": {"post": ADMINISTRATORS},
    "webhooks": {"get": ADMINISTRATORS, "post": (403, 403, 403, 201)},
}
