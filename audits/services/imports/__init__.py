"""Bulk import: containers give rows, rows become cases in batches, each row keeps its outcome."""
