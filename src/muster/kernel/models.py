"""Rows that every room stands on: the exercise clock and the append-only audit trail."""

from __future__ import annotations

from django.db import models

from muster.kernel.kinds import Verb


class ExerciseClock(models.Model):
    """The exercise clock: one row while an exercise runs, none otherwise."""

    exercise_at = models.DateTimeField()
    set_at = models.DateTimeField()


class AuditEntry(models.Model):
    """One act: who did what to which row, and when. Written once, never changed.

    ``actor_id`` names a user by number, without a key upward: accounts live in a higher room.
    """

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=32, choices=Verb.choices)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)

    class Meta:
        """Newest acts of a subject first."""

        indexes = (models.Index(fields=["subject_kind", "subject_id", "-at"]),)
