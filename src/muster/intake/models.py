"""Imports as rows: what came, how it was understood, what it changed."""

from __future__ import annotations

from django.db import models
from encrypted_fields.fields import EncryptedTextField

from muster.intake.kinds import ImportState, ListKind
from muster.territory.models import Area


class Import(models.Model):
    """One list that somebody brought.

    What was read, what was refused and what was changed hold names and numbers of people: they are sealed as
    one text each, encrypted, and emptied when they are no longer needed.
    """

    kind = models.CharField(max_length=16, choices=ListKind.choices)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.OPEN)
    area = models.ForeignKey(
        Area,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="What the list is about; places are found in it.",
    )
    file_name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=64, blank=True)
    head_at = models.PositiveIntegerField(default=0, help_text="Place of the head's first row in the sheet.")
    columns = models.JSONField(default=dict, help_text="What each column means, by its place.")
    consented_on = models.DateField(null=True, help_text="When the people agreed, if all of them did.")
    is_confirmed = models.BooleanField(default=False, help_text="Whether somebody confirmed the columns.")
    content = EncryptedTextField(null=True, help_text="The sheets as they were read, sealed.")
    mended = EncryptedTextField(null=True, help_text="Cells that were mended and rows left out, sealed.")
    checked = EncryptedTextField(null=True, help_text="What the last check found, sealed.")
    changes = EncryptedTextField(null=True, help_text="What taking it did to which rows, sealed; to undo it.")
    rows_total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ("-pk",)


class KnownHead(models.Model):
    """How somebody confirmed that a head is to be understood: asked once, never again."""

    signature = models.CharField(max_length=64, unique=True, help_text="Digest of the headings.")
    kind = models.CharField(max_length=16, choices=ListKind.choices)
    columns = models.JSONField(help_text="What each column means, by its place.")
    confirmed_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField()
