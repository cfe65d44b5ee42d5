"""Noting that a roster, or somebody's part of it, left the system as a file."""

from __future__ import annotations

from datetime import date, datetime

from muster.kernel.audit import Actor, record
from muster.kernel.kinds import Verb


def note_roster_taken(
    *, actor: Actor, now: datetime, subject_id: str, starts_on: date, ends_on: date, file_format: str
) -> None:
    """Write into the audit trail that duties of a span were taken as a file, before its first byte leaves.

    Parameters
    ----------
    actor, now
        Who takes it, and when.
    subject_id
        Code of the area, person or post whose duties they are.
    starts_on, ends_on
        Half-open span of local days.
    file_format
        ``xlsx`` or ``ics``.
    """
    detail = {"format": file_format, "from": starts_on.isoformat(), "until": ends_on.isoformat()}
    record(actor=actor, now=now, verb=Verb.EXPORTED, subject_kind="roster", subject_id=subject_id, detail=detail)
