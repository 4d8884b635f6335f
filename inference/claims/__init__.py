"""Claims: the draft's statements one by one, and how the image supports each.

Labels and flags are the comparator's business; a claim is how a reader sees its verdict in the
words of the draft. Follow one through: :mod:`split` finds the statements, :mod:`align` judges
them by the comparator's own table, :mod:`wording` marks and suggests words, :mod:`score` adds up.
"""

from inference.claims.align import align_claims
from inference.claims.score import draft_score

__all__ = ["align_claims", "draft_score"]
