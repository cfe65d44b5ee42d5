"""Writing and reading the audit trail: append-only, in the transaction of the act itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from muster.kernel.kinds import Verb
from muster.kernel.models import AuditEntry


class Actor(Protocol):
    """Whoever acts: a signed-in user, or the command line as a named system actor."""

    @property
    def audit_id(self) -> int | None:
        """Number of the account, or None for the system."""

    @property
    def audit_name(self) -> str:
        """Name to show beside the act."""


def record(
    *,
    actor: Actor,
    now: datetime,
    verb: Verb,
    subject_kind: str,
    subject_id: str | int,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one act into the audit trail, inside the caller's transaction.

    Parameters
    ----------
    actor
        Who acts.
    now
        The moment of the act (exercise time in an exercise).
    verb
        What was done.
    subject_kind, subject_id
        Which row it was done to, by kind and code or number.
    detail
        Further plain facts; never a phone number or another secret.
    """
    AuditEntry.objects.create(
        at=now,
        actor_id=actor.audit_id,
        actor_name=actor.audit_name,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        detail=detail or {},
    )


def list_entries(*, subject_kind: str, subject_id: str | int) -> QuerySet[AuditEntry]:
    """List the acts on one subject, newest first."""
    return AuditEntry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id)).order_by("-at")
