"""Readers' experience on its way out: a band leaves only where enough readers share it.

k-anonymity over the readers and adjudicators of one release (Sweeney 2002): each value that leaves,
"not said" among them, is that of at least ``SHARED_BY`` of them, or of nobody.
"""

import uuid
from collections import Counter
from collections.abc import Mapping

SHARED_BY = 5


def leaving_bands(said: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
    """The band of each person; empty for who said none and whose band too few share.

    If those are too few themselves, to be in none of the bands would tell who they are: the rarest
    bands go too, until they are enough.
    """
    shared = Counter(band for band in said.values() if band)
    rarest_first = sorted(shared, key=lambda band: (shared[band], band))
    leaving = [band for band in rarest_first if shared[band] >= SHARED_BY]
    while leaving and 0 < len(said) - sum(shared[band] for band in leaving) < SHARED_BY:
        leaving.pop(0)
    return {person: band if band in leaving else "" for person, band in said.items()}
