"""EXISTS that is looked up by index for one row after the other."""

from django.db.models import Exists


class Probe(Exists):
    """For pages: they end after a few rows, and each row costs a look into an index.

    Postgres does not weigh the LIMIT when it plans an EXISTS: beside an OR, or negated, it would
    read the other table to its end and hash it before the first row. With an OFFSET it does not
    (`simplify_EXISTS_query` of its planner). Where all rows are counted, hashing is right: use
    ``Exists``.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"
