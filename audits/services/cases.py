"""Intake: an image and a draft become a case, a draft and, if asked, an audit. All or nothing."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction

from audits.errors import InvalidInput
from audits.models import Audit, Case, Draft, Sending, Source, User
from audits.models.cases import ORIGINS, SEXES, SPLITS, VIEWS
from audits.services.audits import audit_start
from audits.services.files import ContentFiles, content_files, lock_content
from audits.services.identity import keyed_hash
from audits.services.images import DecoderStopped, prepare_image
from audits.services.log import record
from audits.services.tombstones import case_hold
from inference.ages import LONGEST, capped
from inference.described import Described
from inference.geometry import LATERALITIES, sane_spacing
from inference.preparing import PreparedImage
from inference.scrubbing import scrub

_SPACING = ("pixel_row_mm", "pixel_column_mm", "pixel_spacing_source")
_GEOMETRY = (*_SPACING, "laterality", "patient_orientation")


@dataclass(frozen=True, slots=True)
class NewCase:
    """What comes in at the door. Empty text and None mean unknown; ``source`` is a slug.

    ``pixel_frame`` is the height and width that the size of a pixel is told for, where the image
    was resized since.
    """

    image: bytes
    draft: str = ""
    source: str = "upload"
    patient: str = ""
    view: str = ""
    age: int | None = None
    sex: str = ""
    origin: str = "human"
    file_name: str = ""
    study_order: int | None = None
    split: str = ""
    pixel_row_mm: float | None = None
    pixel_column_mm: float | None = None
    pixel_spacing_source: str = ""
    pixel_frame: tuple[int, int] | None = None
    laterality: str = ""
    patient_orientation: str = ""


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A draft of a case, and which of the two was not there before."""

    draft: Draft
    is_new_case: bool
    is_new_draft: bool


def case_submit(*, new: NewCase, actor: User | None) -> Audit:
    """Store the case and start its audit, in one transaction.

    The same pixels in the same source are the same case, the same text the same draft, and both
    the same audit: sending twice is sending once. Raises ``InvalidInput`` naming the field.
    """
    prepared = _checked(new, actor)
    with transaction.atomic(), content_files() as files:
        stored = case_store(new=new, prepared=prepared, files=files, actor=actor)
        return audit_start(draft=stored.draft, actor=actor)


def case_create(*, new: NewCase, actor: User | None) -> StoredCase:
    """Store the case and its draft without an audit; otherwise as `case_submit`."""
    prepared = _checked(new, actor)
    with transaction.atomic(), content_files() as files:
        return case_store(new=new, prepared=prepared, files=files, actor=actor)


@transaction.atomic
def draft_create(
    *, case: Case, text: str, origin: str, actor: User | None, revises: Draft | None = None
) -> tuple[Draft, bool]:
    """A further draft of a case, and whether it is new: the same text is the same draft.

    What names a person is taken out first; nothing keeps the text as it came.
    """
    _check_draft(text)
    case_hold(case_id=case.pk)
    clean = scrub(text)
    draft, created = Draft.objects.get_or_create(
        case=case,
        sha256=hashlib.sha256(clean.text.encode()).hexdigest(),
        defaults={
            "text": clean.text,
            "scrubbed": clean.counts,
            "origin": origin,
            "created_by": actor,
            "revises": revises,
        },
    )
    if created:
        data = {"case": str(case.id), "scrubbed": clean.counts}
        record(actor=actor, action="draft.created", target=draft, data=data)
    if actor is not None:
        Sending.objects.get_or_create(draft=draft, user=actor)
    return draft, created


def _checked(new: NewCase, actor: User | None) -> PreparedImage:
    """Decode outside the transaction, which then stays short."""
    case_check_fields(new=new)
    try:
        return prepare_image(data=new.image)
    except DecoderStopped as stopped:
        with transaction.atomic():
            source = Source.objects.get(slug=new.source)
            record(actor=actor, action="decoder.stopped", target=source, data={"why": stopped.why})
        raise


def case_check_fields(*, new: NewCase) -> None:
    """Everything but the image; raises ``InvalidInput`` naming the field."""
    _check_draft(new.draft)
    for field, value, words in (
        ("view", new.view, ("", *VIEWS)),
        ("sex", new.sex, ("", *SEXES)),
        ("origin", new.origin, ORIGINS),
        ("split", new.split, ("", *SPLITS)),
        ("laterality", new.laterality, ("", *LATERALITIES)),
    ):
        if value not in words:
            raise InvalidInput(field, f"One of: {', '.join(word or 'empty' for word in words)}.")
    if new.age is not None and not 0 <= new.age <= LONGEST:
        raise InvalidInput("age", f"An age is between 0 and {LONGEST} years.")
    if not Source.objects.filter(slug=new.source).exists():
        # Not quoted: a table whose columns are shifted has patients' words here.
        raise InvalidInput("source", "There is no source of this name; add it under sources.")


def _check_draft(text: str) -> None:
    if len(text) > settings.DRAFT_MAX_CHARS:
        raise InvalidInput(
            "draft",
            f"A draft has at most {settings.DRAFT_MAX_CHARS:,} characters; "
            f"this one has {len(text):,}.",
        )
    if "\0" in text:
        raise InvalidInput("draft", "The draft holds a NUL character; send plain text.")


def case_store(
    *, new: NewCase, prepared: PreparedImage, files: ContentFiles, actor: User | None
) -> StoredCase:
    """The case and its draft, of an image that `prepare_image` made ready; needs a transaction."""
    lock_content(content_sha256=prepared.pixels_sha256)
    new = _described(_scaled(new, prepared), prepared.described)
    source = Source.objects.get(slug=new.source)
    known = Case.objects.filter(source=source, pixels_sha256=prepared.pixels_sha256).first()
    if known is not None:
        _require_not_withdrawn(known)
        _complete(known, new, source, actor)
    case = known or _create(new, prepared, source, files, actor)
    draft, is_new_draft = draft_create(case=case, text=new.draft, origin=new.origin, actor=actor)
    return StoredCase(draft, known is None, is_new_draft)


def _scaled(new: NewCase, prepared: PreparedImage) -> NewCase:
    """The size of a pixel of the image as it is stored."""
    if new.pixel_frame is None or new.pixel_row_mm is None or new.pixel_column_mm is None:
        return new
    height, width = new.pixel_frame
    spacing = sane_spacing(
        new.pixel_row_mm * height / prepared.height, new.pixel_column_mm * width / prepared.width
    )
    if spacing is None:
        why = f"Over {prepared.height} x {prepared.width} pixels, these millimetres make no sense."
        raise InvalidInput("pixel_frame", why)
    return replace(new, pixel_row_mm=spacing[0], pixel_column_mm=spacing[1])


def _described(new: NewCase, said: Described) -> NewCase:
    """What the sender left open, from the file; ages that identify people are capped."""
    age = said.age if new.age is None else new.age
    measured: NewCase | Described = new if new.pixel_spacing_source else said
    return replace(
        new,
        **{name: getattr(measured, name) for name in _SPACING},
        laterality=new.laterality or said.laterality,
        patient_orientation=new.patient_orientation or said.patient_orientation,
        patient=new.patient or said.patient,
        view=new.view or said.view,
        age=capped(age),
        sex=new.sex or said.sex,
    )


def _create(
    new: NewCase, prepared: PreparedImage, source: Source, files: ContentFiles, actor: User | None
) -> Case:
    case = Case.objects.create(
        **_columns(new, prepared, source), **_write(files, prepared), created_by=actor
    )
    record(actor=actor, action="case.created", target=case, data={"source": source.slug})
    return case


def _write(files: ContentFiles, prepared: PreparedImage) -> dict[str, str]:
    folder = f"{prepared.pixels_sha256[:2]}/{prepared.pixels_sha256}"
    image = files.write(name=f"{folder}/image.png", data=prepared.png)
    preview = image
    if prepared.preview is not prepared.png:
        preview = files.write(name=f"{folder}/preview.png", data=prepared.preview)
    thumbnail = files.write(name=f"{folder}/thumbnail.png", data=prepared.thumbnail)
    return {"image": image, "preview": preview, "thumbnail": thumbnail}


def _columns(new: NewCase, prepared: PreparedImage, source: Source) -> dict[str, Any]:
    return {
        "source": source,
        "file_sha256": prepared.file_sha256,
        "pixels_sha256": prepared.pixels_sha256,
        "patient_hash": patient_hash(source=source.slug, patient=new.patient),
        "file_name_hash": keyed_hash(kind="file name", value=new.file_name),
        "view": new.view,
        "age": new.age,
        "sex": new.sex,
        "width": prepared.width,
        "height": prepared.height,
        "perceptual_hash": prepared.perceptual_hash,
        "burned_in": prepared.burned_in,
        "brightness": prepared.brightness,
        "study_order": new.study_order,
        "split": new.split,
        **{name: getattr(new, name) for name in _GEOMETRY},
        "phantom": source.slug == "phantom",
    }


def patient_hash(*, source: str, patient: str) -> str:
    """The keyed hash of a patient code, which is only unique within its source (a slug)."""
    return keyed_hash(kind=f"patient of {source}", value=patient)


def _require_not_withdrawn(case: Case) -> None:
    if case.withdrawn_at is not None:
        raise InvalidInput(
            "image",
            f"This image was withdrawn from its source on {case.withdrawn_at:%Y-%m-%d} "
            "and is not taken again.",
        )


def _complete(case: Case, new: NewCase, source: Source, actor: User | None) -> None:
    """Fill in what was unknown of a stored case; what is known is not rewritten, only met."""
    said = [
        ("patient", "patient_hash", patient_hash(source=source.slug, patient=new.patient)),
        ("study", "study_order", new.study_order),
        *((name, name, getattr(new, name)) for name in ("view", "age", "sex", "split")),
        *((name, name, getattr(new, name)) for name in ("laterality", "patient_orientation")),
        *(("pixel_spacing", name, now) for name, now in _spacing(case, new).items()),
    ]
    learned = []
    for field, column, now in said:
        stored = getattr(case, column)
        if _is_known(now) and _is_known(stored) and now != stored:
            raise InvalidInput(
                field, f"This image is already stored as case {case.code} with another {field}."
            )
        if _is_known(now) and not _is_known(stored):
            setattr(case, column, now)
            learned.append(column)
    if learned:
        case.save(update_fields=learned)
        record(actor=actor, action="case.completed", target=case, data={"columns": learned})


def _spacing(case: Case, new: NewCase) -> dict[str, Any]:
    """The same millimetres told by somebody else are no contradiction: the first source stays."""
    sides = ("pixel_row_mm", "pixel_column_mm")
    is_same = all(getattr(case, side) == getattr(new, side) for side in sides)
    whose = case if is_same else new
    return {name: getattr(whose, name) for name in _SPACING}


def _is_known(value: str | float | None) -> bool:
    """Zero is a known order of studies; an empty text is nothing."""
    return value not in ("", None)
