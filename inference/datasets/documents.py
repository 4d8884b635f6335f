"""JSON annotation files, with a sentence for each way they can be wrong."""

import json
from typing import Any, TypeVar

from inference.datasets.base import NotThisDataset, Table

Wanted = TypeVar("Wanted", list[Any], dict[str, Any])


def load_json(table: Table, wanted: type[Wanted]) -> Wanted:
    """The document, which must be a list or an object; raises ``NotThisDataset`` if it is not."""
    try:
        document = json.loads(table.data)
    except (ValueError, RecursionError) as error:
        raise NotThisDataset(f"{table.name} is no JSON: {error}.") from error
    if not isinstance(document, wanted):
        name = "a list" if wanted is list else "an object"
        raise NotThisDataset(f"{table.name} is not {name}.")
    return document
