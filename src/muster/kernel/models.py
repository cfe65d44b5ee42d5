"""Rows that every room stands on: the exercise clock and the append-only audit trail."""

from __future__ import annotations

from django.db import models

from muster.kernel.kinds import Verb


class ExerciseClock(models.Model):
    """The exercise clock: one row while an exercise runs, none otherwise."""

    exercise_at = models.DateTimeField()
    set_at = models.DateTimeField()
    speed = models.FloatField(default=1.0, help_text="Seconds of the exercise that pass in a real one.")


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


class Fact(models.Model):
    """What somebody reported, with both clocks. Append-only; taken once by its client's id.

    ``entered_by`` names an account by number, without a key upward, as the audit trail does.
    """

    client_id = models.UUIDField(unique=True)
    at = models.DateTimeField(help_text="When it happened: by the clock of whoever reported, put right.")
    clock_off_s = models.BigIntegerField(default=0, help_text="By how much; that clock read `at` less this.")
    recorded_at = models.DateTimeField(help_text="When the server took it.")
    entered_by = models.BigIntegerField(null=True, help_text="Number of the account that entered it.")
    is_for_other = models.BooleanField(default=False, help_text="Entered by somebody else, for want of a phone.")
    is_synthetic = models.BooleanField(default=False)

    class Meta:
        """Each kind of fact has a table of its own."""

        abstract = True
