"""Overread's database-free core: it sees an image, reads a draft, and judges one against the other.

Research and education only. Nothing here is a diagnosis.
"""

__version__ = "0.1.0"

NOTICE = "Research and education only. Not for patient care."
