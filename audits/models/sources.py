"""Where cases come from and what their terms allow."""

import uuid

from django.db import models


class Source(models.Model):
    """A dataset or a door. Its switches govern every column derived from its cases, for ever.

    ``licence`` is an SPDX identifier where there is one, else the terms' own words;
    ``consent_note`` says on what ground the patients' pictures are used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    citation = models.TextField(blank=True)
    terms_url = models.URLField(max_length=500, blank=True)
    consent_note = models.TextField(blank=True)
    pixels_redistributable = models.BooleanField(default=False)
    text_redistributable = models.BooleanField(default=False)
    boxes_redistributable = models.BooleanField(default=False)
    commercial_use = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
