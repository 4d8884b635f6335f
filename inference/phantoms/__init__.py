"""Radiograph-like phantoms, drawn by arithmetic from a seed.

No patient data: nothing here was copied, sampled or learned from a radiograph. A phantom shows
no person and means nothing about one; it feeds the demo, the tests and the load tests, and
wherever it appears it must be called a phantom.
"""

from inference.phantoms.render import Phantom, render_phantom

__all__ = ["Phantom", "render_phantom"]
