"""Stored files that are to go: noted with the change that lets go of them, deleted after it."""

from django.db import models


class FileToDelete(models.Model):
    """One file that nothing needs any more, until the store has let go of it.

    The row is written in the transaction that drops the last use, so that a crash between the two
    leaves a row and not a file. ``content_sha256`` is set for an image file, which another case
    with the same pixels may still use.
    """

    name = models.CharField(max_length=300, primary_key=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="file_to_delete_oldest")]

    def __str__(self) -> str:
        return self.name
