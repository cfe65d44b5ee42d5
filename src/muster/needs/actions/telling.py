"""Telling carriers what was given to them, through the outbox, in the transaction of the giving."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from muster.access.kinds import Role
from muster.access.models import Grant
from muster.kernel.batches import batches
from muster.messages.actions import Recipient, queue_message
from muster.messages.kinds import Urgency
from muster.needs.kinds import CarrierKind, NeedUrgency
from muster.needs.models import CARRIER_IDS, Need, NeedStep
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.rules import STEP_CHARS, ancestor_paths

_PLACE_NAMES = 3


def tell_given(steps: Collection[UUID]) -> None:
    """Tell those to whom needs were given just now, unless the need is in other hands by what came later.

    Parameters
    ----------
    steps
        Client's ids of the steps by which they were given.
    """
    for some in batches(steps):
        for step in NeedStep.objects.filter(client_id__in=some, need__isnull=False).select_related("need__area"):
            need = step.need
            if need is not None and _carrier(step) == _carrier(need):
                _tell(step, need)


def _carrier(row: Need | NeedStep) -> tuple[object, ...]:
    return (row.carrier_kind, *(getattr(row, name) for name in CARRIER_IDS))


def _tell(step: NeedStep, need: Need) -> None:
    # Where and which, never in the asker's words: channels belong to others.
    words = {"code": need.code, "place": say_place(need.area)}
    urgency = Urgency.CAN_WAIT if need.urgency == NeedUrgency.CAN_WAIT else Urgency.URGENT
    for number, to in enumerate(list_recipients(need)):
        key = f"need:{need.pk}:given:{step.client_id.hex}:{number}"
        queue_message(key=key, to=to, wording="need_given", words=words, urgency=urgency)


def list_recipients(need: Need) -> Iterable[Recipient]:
    """List who is told of a need: whoever carries it, nobody where it is in nobody's hands."""
    if need.carrier_kind == CarrierKind.OFFICE:
        return Area.objects.filter(needs_carried=need)
    if need.carrier_kind == CarrierKind.ORGANIZATION:
        liaisons = Grant.objects.filter(
            role=Role.ORGANIZATION_LIAISON, until_at=None, organization=need.carrier_organization_id
        )
        return Person.objects.filter(account__in=liaisons.values("user")).order_by("pk")
    return Person.objects.filter(needs_carried=need)


def say_place(area: Area) -> str:
    """Return where an area is, by the last names on the way down to it."""
    paths = [path for path in ancestor_paths(area.path) if len(path) > len(area.path) - _PLACE_NAMES * STEP_CHARS]
    return " ".join(Area.objects.filter(path__in=paths).order_by("path").values_list("name", flat=True))
