"""Views for training: the settled part of a release in the shapes that training code reads.

Each is made from the tables alone, split by split. "True but not relevant" is true; what readers
left open is nobody's example.
"""
