"""Sources and their terms. A switch governs what leaves from now on; releases stay as they are."""

from typing import Any

from django.db import IntegrityError, transaction

from audits.errors import Conflict, InvalidInput
from audits.models import Source, User
from audits.services.log import record

SWITCHES = (
    "pixels_redistributable",
    "text_redistributable",
    "boxes_redistributable",
    "commercial_use",
)
BUILT_IN = ("phantom",)
"""Rendered here: their terms are ours, and the tests of releases rely on them."""


def source_create(*, slug: str, actor: User | None, **terms: Any) -> Source:
    """A new source; a switch that is not given is off. Raises ``Conflict`` for a taken slug."""
    try:
        with transaction.atomic():
            source = Source.objects.create(slug=slug, **terms)
            switches = {name: getattr(source, name) for name in SWITCHES}
            record(actor=actor, action="source.created", target=source, data=switches)
    except IntegrityError as error:
        raise Conflict(
            "slug_taken",
            f"There is a source {slug!r} already.",
            fields={"slug": ["Choose another one: this is taken."]},
        ) from error
    return source


@transaction.atomic
def source_update(*, source: Source, actor: User | None, **terms: Any) -> Source:
    """Change the terms given; what changed is logged, switches with both values."""
    if source.slug in BUILT_IN:
        raise InvalidInput("slug", "The terms of rendered phantoms can't be changed.")
    locked = Source.objects.select_for_update().get(pk=source.pk)
    changed = [name for name, value in terms.items() if value != getattr(locked, name)]
    if not changed:
        return locked
    switches = {name: [getattr(locked, name), terms[name]] for name in changed if name in SWITCHES}
    data = {"columns": changed, "switches": switches}
    for name in changed:
        setattr(locked, name, terms[name])
    locked.save(update_fields=changed)
    record(actor=actor, action="source.changed", target=locked, data=data)
    return locked
