"""Names of the word lists in the OpenAPI schema, so that generated types read like the design."""

from enum import StrEnum

from audits.models.audits import AuditState, StepName
from audits.models.backends import BackendKind
from audits.models.cases import WithdrawalReason
from inference import decisions, vocabulary


def _words(enum: type[StrEnum]) -> tuple[str, ...]:
    return tuple(str(word) for word in enum)


LABEL = _words(vocabulary.Label)
LABEL_STATE = _words(vocabulary.State)
IMAGE_STATE = _words(vocabulary.ImageState)
DRAFT_STATE = _words(vocabulary.DraftState)
FLAG_KIND = _words(vocabulary.FlagKind)
LEDGER_REASON = _words(vocabulary.LedgerReason)
DECISION_REASON = _words(decisions.Reason)
SIGNIFICANCE = _words(decisions.Significance)
VERDICT = _words(decisions.Verdict)
AUDIT_STATE = _words(AuditState)
STEP = _words(StepName)
BACKEND_KIND = _words(BackendKind)
WITHDRAWAL_REASON = _words(WithdrawalReason)
