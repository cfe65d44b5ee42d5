"""Merges as rows, each with what it takes to undo it; and pairs that somebody looked at and kept apart."""

from __future__ import annotations

from django.db import models
from encrypted_fields.fields import EncryptedTextField

from muster.duplicates.kinds import RecordKind


class Merge(models.Model):
    """Two records that were made one.

    What was changed holds names and numbers of people: it is sealed as one text, encrypted, and emptied when the
    merge can no longer be undone.
    """

    kind = models.CharField(max_length=16, choices=RecordKind.choices)
    kept_code = models.CharField(max_length=64, db_index=True, help_text="Code of the record that stayed.")
    merged_code = models.CharField(max_length=64, db_index=True, help_text="Code of the record that went into it.")
    changes = EncryptedTextField(null=True, help_text="What it did to which rows, sealed; to undo it.")
    rows_moved = models.PositiveIntegerField(help_text="How many rows came over.")
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-pk",)


class KeptApart(models.Model):
    """Two records that look alike and are not the same, as somebody said who looked: not asked again."""

    kind = models.CharField(max_length=16, choices=RecordKind.choices)
    first_code = models.CharField(max_length=64, help_text="The smaller of the two codes.")
    second_code = models.CharField(max_length=64)
    said_by = models.CharField(max_length=150)
    said_at = models.DateTimeField()

    class Meta:
        """A pair is kept apart once."""

        constraints = (
            models.UniqueConstraint(fields=["kind", "first_code", "second_code"], name="a_pair_is_kept_apart_once"),
        )
