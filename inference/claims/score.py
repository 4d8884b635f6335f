"""The draft score: how much of what the draft claims stands against the image."""

from collections.abc import Iterable
from typing import Final

from inference.policies import PENALTIES
from inference.schema import Claim
from inference.vocabulary import DraftState

_WORST: Final = max(PENALTIES.values())


def draft_score(claims: Iterable[Claim], draft_state: DraftState) -> int | None:
    """``max(0, 100 - floor(100 x sum of penalties / (25 x n)))`` over the n aligned claims.

    ``None`` if no claim is aligned or the draft was not parsed: what was not read has no score.
    """
    penalties = [claim.penalty for claim in claims if claim.alignment is not None]
    if draft_state != DraftState.PARSED or not penalties:
        return None
    return max(0, 100 - 100 * sum(penalties) // (_WORST * len(penalties)))
