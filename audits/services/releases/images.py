"""Copies the pixels that may leave into a release, in batches that are whole or not there."""

from collections.abc import Iterator

from django.core.files.storage import default_storage

from audits.models import Case, Release, ReleaseShard
from audits.services.releases.shards import file_path

_BATCH = 500
_TABLE = "images"


def image_cases(release: Release) -> Iterator[Case]:
    """Cases whose pixels leave with this release, by id."""
    cases = Case.objects.filter(
        in_releases__release=release, source__pixels_redistributable=True, withdrawn_at=None
    ).order_by("pk")
    return cases.only("image", "pixels_sha256").iterator(chunk_size=_BATCH)


def image_name(case: Case) -> str:
    return f"images/{case.pixels_sha256}.png"


def copy_images(release: Release) -> None:
    """Copy what is missing. A batch that was cut short is copied again from its beginning."""
    done = set(
        ReleaseShard.objects.filter(release=release, table=_TABLE).values_list("number", flat=True)
    )
    for number, batch in enumerate(_batches(image_cases(release))):
        if number in done:
            continue
        for case in batch:
            _copy(release, case)
        ReleaseShard.objects.create(
            release=release,
            table=_TABLE,
            split="",
            number=number,
            total=0,
            rows=len(batch),
            last_id=batch[-1].pk,
        )


def _batches(cases: Iterator[Case]) -> Iterator[list[Case]]:
    batch: list[Case] = []
    for case in cases:
        batch.append(case)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _copy(release: Release, case: Case) -> None:
    target = file_path(release, image_name(case))
    default_storage.delete(target)
    try:
        with default_storage.open(case.image, "rb") as stored:
            default_storage.save(target, stored)
    except FileNotFoundError:
        # Withdrawn since the batch was listed: the build starts over without it.
        if not Case.objects.filter(pk=case.pk, withdrawn_at__isnull=False).exists():
            raise
