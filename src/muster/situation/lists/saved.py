"""Filters that an account has given a name."""

from __future__ import annotations

from muster.access.queries import Actor
from muster.situation.models import SavedFilter


def list_saved(actor: Actor, list_name: str) -> list[SavedFilter]:
    """List the filters of a list that an account has named, by name."""
    if actor.audit_id is None:
        return []
    return list(SavedFilter.objects.filter(user_id=actor.audit_id, list_name=list_name))
