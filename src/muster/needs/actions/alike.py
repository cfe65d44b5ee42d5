"""Needs that were asked twice: joined so that one answers both, parted again, or kept apart for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from muster.access.kinds import Right
from muster.access.queries import Actor
from muster.access.reach import Reach
from muster.kernel.audit import record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.kernel.locks import hold_names
from muster.needs.actions.following import refold
from muster.needs.kinds import SETTLED, PairVerdict
from muster.needs.models import Need, NeedPair


def join_needs(*, actor: Actor, now: datetime, kept: Need, other: Need) -> NeedPair:
    """Let one need answer another too: what becomes of it becomes of both, and both askers see it.

    Needs that were joined to the other are joined to the one that stays. Nothing is deleted; see ``part_need``.

    Raises
    ------
    RuleError
        If one of them is joined to another already, the other is settled, they belong to two emergencies, or the
        actor may not report at both doors.
    """
    with transaction.atomic():
        first, second = _hold(actor, kept, other)
        if first.pk == second.pk or first.emergency_id != second.emergency_id:
            raise RuleError("These are not two needs of one emergency.", where=second.code)
        if first.joined_to_id is not None or second.joined_to_id is not None or second.state in SETTLED:
            raise RuleError(
                "One of the two is joined to another already, or settled.",
                where=second.code,
                remedy="Look at them again; somebody may have been quicker.",
            )
        for follower in Need.objects.filter(joined_to=second).order_by("pk"):
            _undo(follower, actor, now)
            _join(first, follower, actor, now)
        pair = _join(first, second, actor, now)
        refold([first.client_id, second.client_id], now=now)
    return pair


def part_need(*, actor: Actor, now: datetime, need: Need) -> None:
    """Part a need from the one that answered it too: it stands again as its own steps make it.

    Raises
    ------
    RuleError
        If it is joined to none by now, or the actor may not report at its door.
    """
    with transaction.atomic():
        lead = need.joined_to
        held = _hold(actor, need, *([lead] if lead is not None else []))[0]
        if held.joined_to_id is None or lead is None or held.joined_to_id != lead.pk:
            raise RuleError("This need stands by itself already.", where=need.code)
        _undo(held, actor, now)
        _record(actor, now, held, {"parted_from": lead.code})
        refold([held.client_id], now=now)
    need.refresh_from_db()


def keep_needs_apart(*, actor: Actor, now: datetime, one: Need, other: Need) -> None:
    """Say that two needs are two: they are not shown as a pair again.

    Raises
    ------
    RuleError
        If the actor may not report at both doors.
    """
    with transaction.atomic():
        first, second = sorted(_hold(actor, one, other), key=lambda need: need.pk)
        _, is_new = NeedPair.objects.get_or_create(
            first=first,
            second=second,
            verdict=PairVerdict.TWO,
            undone_at=None,
            defaults={"at": now, "by": actor.audit_name},
        )
        if is_new:
            _record(actor, now, second, {"kept_apart_from": first.code})


def _hold(actor: Actor, *needs: Need) -> list[Need]:
    """Hold needs until the transaction ends, and return them as they stand now, in the order given."""
    hold_names("need", (need.client_id for need in needs))
    rows = Need.objects.select_for_update(no_key=True).select_related("area").order_by("pk")
    held = {need.pk: need for need in rows.filter(pk__in={need.pk for need in needs})}
    reach = Reach(actor, Right.REPORT)
    if not all(reach.has(need.area.path) for need in held.values()):
        raise RuleError("There is no such need.")
    return [held[need.pk] for need in needs]


def _join(first: Need, second: Need, actor: Actor, now: datetime) -> NeedPair:
    Need.objects.filter(pk=second.pk).update(joined_to=first)
    pair = NeedPair.objects.create(first=first, second=second, verdict=PairVerdict.ONE, at=now, by=actor.audit_name)
    _record(actor, now, second, {"joined_to": first.code})
    return pair


def _undo(need: Need, actor: Actor, now: datetime) -> None:
    standing = Q(second=need, verdict=PairVerdict.ONE, undone_at=None)
    NeedPair.objects.filter(standing).update(undone_at=now, undone_by=actor.audit_name)
    Need.objects.filter(pk=need.pk).update(joined_to=None)


def _record(actor: Actor, now: datetime, need: Need, detail: dict[str, str]) -> None:
    record(
        actor=actor, now=now, verb=Verb.NEED_STEP, subject_kind="need", subject_id=str(need.client_id), detail=detail
    )
