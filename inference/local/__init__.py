"""Models that run in a process of ours, on transformers: loading, forcing, generating.

Needs requirements-models.txt; the modules that import it are imported when a model is used.
"""
