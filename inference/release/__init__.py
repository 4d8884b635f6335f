"""A release as a folder: its tables, views for training, agreement, card, check and diff.

Nothing here needs the database: a stranger with the folder alone can run all of it.
"""
