"""Everything `make` does on one machine, with the standard library alone.

It runs before anything is installed, so nothing here may import a package from outside Python.
"""
