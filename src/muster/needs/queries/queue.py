"""The queue of an area: what waits for somebody, most pressing first, and what has become of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from muster.access.queries import Actor
from muster.emergencies.models import Emergency
from muster.emergencies.queries import scope_filter
from muster.kernel.errors import NotFoundError
from muster.needs.kinds import SETTLED, WAITING, CarrierKind, NeedKind, NeedState, NeedUrgency, PairVerdict
from muster.needs.models import Need, NeedPair, NeedStep
from muster.needs.queries.carriers import CarrierName, Spot
from muster.needs.queries.stands import NeedStand, StepReach
from muster.organizations.models import Organization
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

_PLACES = ("area__level", "carrier_person", "carrier_organization", "carrier_office", "joined_to")
NOBODY_YET = "nobody"


class QueueState(StrEnum):
    """Which needs a queue shows, by how far they have come."""

    UNSETTLED = "unsettled"
    WAITING = "waiting"
    IN_HAND = "in_hand"
    SETTLED = "settled"


_CONDITIONS: dict[QueueState, Q] = {
    QueueState.UNSETTLED: Q(settled_at=None),
    QueueState.WAITING: Q(settled_at=None, state__in=WAITING),
    QueueState.IN_HAND: Q(settled_at=None, state__in=frozenset(NeedState) - WAITING - SETTLED),
    QueueState.SETTLED: Q(settled_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class QueueFilters:
    """Which needs of an area are meant; what is None says nothing.

    Parameters
    ----------
    state
        How far they have come.
    kind, urgency
        What was asked, and how pressing it is.
    carrier
        In whose hands they are; with the kind ``nobody`` in no one's.
    is_unplaced
        Only those that came without a door and wait to be placed.
    """

    state: QueueState = QueueState.UNSETTLED
    kind: NeedKind | None = None
    urgency: NeedUrgency | None = None
    carrier: CarrierName | None = None
    is_unplaced: bool = False

    def condition(self) -> Q:
        """Return the condition on rows of needs."""
        asked = {"kind": self.kind, "urgency": self.urgency}
        found = _CONDITIONS[self.state] & Q(**{name: value for name, value in asked.items() if value is not None})
        if self.is_unplaced:
            found &= UNPLACED
        return found & _carried_by(self.carrier) if self.carrier is not None else found


UNPLACED = Q(area__level__needs_warden=False)
"""Needs of no door: they wait at a community, a township or higher for somebody to say where they belong."""


def _carried_by(name: CarrierName) -> Q:
    if name.kind == NOBODY_YET:
        return Q(carrier_kind="")
    column = {CarrierKind.OFFICE: "carrier_office", CarrierKind.ORGANIZATION: "carrier_organization"}
    return Q(**{f"{column.get(CarrierKind(name.kind), 'carrier_person')}__code": name.code})


@dataclass(frozen=True, slots=True)
class InHand:
    """A carrier, and how many unsettled needs are in their hands."""

    name: CarrierName
    title: str
    needs: int

    @property
    def value(self) -> str:
        """Return how an address names it."""
        return f"{self.name.kind}:{self.name.code}"

    @property
    def is_person(self) -> bool:
        """Tell whether it is a person."""
        return self.name.kind not in {CarrierKind.OFFICE, CarrierKind.ORGANIZATION}

    @property
    def kind_label(self) -> str:
        """Return what kind of carrier it is."""
        return str(CarrierKind(self.name.kind).label)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many needs stand how.

    Parameters
    ----------
    by_state
        All needs, by state of the queue.
    by_kind, by_urgency
        The unsettled ones.
    unplaced
        Unsettled ones that came without a door.
    """

    by_state: dict[str, int]
    by_kind: dict[str, int]
    by_urgency: dict[int, int]
    unplaced: int


def list_queue(emergency: Emergency, area: Area, filters: QueueFilters, *, offset: int = 0, limit: int) -> list[Need]:
    """List a part of the queue of an area: most pressing first, then oldest; settled ones by what was settled last.

    A need that another answers too is not listed by itself.
    """
    order = ("-settled_at", "-pk") if filters.state == QueueState.SETTLED else ("urgency", "at", "pk")
    found = _within(emergency, area).filter(filters.condition()).select_related(*_PLACES)
    return list(found.annotate(others=Count("joined")).order_by(*order)[offset : offset + limit])


def count_queue(emergency: Emergency, area: Area, filters: QueueFilters) -> int:
    """Count what ``list_queue`` lists in all its parts."""
    return _within(emergency, area).filter(filters.condition()).count()


def read_counts(emergency: Emergency, area: Area) -> QueueCounts:
    """Read how many needs of an area stand how, in three queries."""
    needs = _within(emergency, area)
    states = {state.value: Count("pk", filter=condition) for state, condition in _CONDITIONS.items()}
    totals = needs.aggregate(**states, unplaced=Count("pk", filter=_CONDITIONS[QueueState.UNSETTLED] & UNPLACED))
    unsettled = needs.filter(_CONDITIONS[QueueState.UNSETTLED]).order_by()
    return QueueCounts(
        by_state={state.value: totals[state.value] for state in QueueState},
        by_kind=dict(unsettled.values_list("kind").annotate(Count("pk"))),
        by_urgency=dict(unsettled.values_list("urgency").annotate(Count("pk"))),
        unplaced=totals["unplaced"],
    )


def list_in_hand(emergency: Emergency, area: Area, *, limit: int = 12) -> list[InHand]:
    """List who carries unsettled needs of an area, those with the most first."""
    fields = ("carrier_kind", "carrier_person__code", "carrier_person__name", "carrier_organization__code")
    more = ("carrier_organization__name", "carrier_office__code", "carrier_office__name")
    needs = _within(emergency, area).filter(settled_at=None).exclude(carrier_kind="").order_by()
    rows = needs.values_list(*fields, *more).annotate(needs=Count("pk")).order_by("-needs", *fields[1:])[:limit]
    return [
        InHand(CarrierName(kind, next(filter(None, names[::2]), "")), next(filter(None, names[1::2]), ""), count)
        for kind, *names, count in rows
    ]


def list_carried(organization: Organization, *, limit: int) -> list[Need]:
    """List the unsettled needs in an organization's hands, most pressing first, wherever they are."""
    needs = Need.objects.filter(carrier_organization=organization, settled_at=None, joined_to=None)
    needs = needs.filter(emergency__ends_at=None).select_related(*_PLACES).annotate(others=Count("joined"))
    return list(needs.order_by("urgency", "at", "pk")[:limit])


def access_need(actor: Actor, code: str) -> Need:
    """Fetch a need for an actor who may take it further: who reports there, or carries it.

    Raises
    ------
    NotFoundError
        If there is none, or it is not for this actor to see: the two look the same.
    """
    need = Need.objects.select_related("emergency__area", *_PLACES).filter(code=code).first()
    stand = stand_of(need) if need is not None else None
    if need is None or stand is None or not StepReach(actor, [stand]).has(stand):
        raise NotFoundError("There is no such need.", where=code, remedy="Check the code, or ask for access to it.")
    return need


def stand_of(need: Need) -> NeedStand:
    """Return where a need stands, from its row."""
    return NeedStand(
        need.pk,
        Spot(need.emergency_id, need.area.path),
        need.emergency.ends_at,
        need.carrier_person_id,
        need.carrier_organization_id,
    )


def filter_needs(actor: Actor, needs: Sequence[Need]) -> list[Need]:
    """Keep of some needs those that an actor may take further."""
    stands = {need.pk: stand_of(need) for need in needs}
    reach = StepReach(actor, list(stands.values()))
    return [need for need in needs if reach.has(stands[need.pk])]


def find_needs(codes: Sequence[str]) -> list[Need]:
    """Find needs by their codes, in no order; codes of none are left out."""
    return list(Need.objects.select_related("emergency__area", *_PLACES).filter(code__in=codes))


def find_need_code(client_id: UUID) -> str:
    """Find the code of a need by its client's id; empty where there is none."""
    return Need.objects.filter(client_id=client_id).values_list("code", flat=True).first() or ""


def list_since(area: Area, *, after: int, limit: int, is_open: bool) -> list[Need]:
    """List the needs of an area in the order in which they were taken, from after a number on.

    On PostgreSQL numbers are given before a need is there to be seen: whoever follows asks a little back.
    """
    needs = Need.objects.select_related("emergency", *_PLACES).filter(beneath_filter(area, "area__path"), pk__gt=after)
    if is_open:
        needs = needs.filter(settled_at=None)
    return list(needs.order_by("pk")[:limit])


def list_history(need: Need) -> list[NeedStep]:
    """List the steps of a need, and of the one that answers it too, oldest first."""
    numbers = [need.pk, *([need.joined_to_id] if need.joined_to_id is not None else [])]
    steps = NeedStep.objects.select_related("carrier_person", "carrier_organization", "carrier_office", "place")
    return list(steps.filter(need__in=numbers).order_by("at", "client_id"))


def list_joins(need: Need) -> list[NeedPair]:
    """List when a need was joined to another, or another to it, and parted again, oldest first."""
    pairs = NeedPair.objects.select_related("first__area", "second__area").filter(verdict=PairVerdict.ONE)
    return list(pairs.filter(Q(first=need) | Q(second=need)).order_by("at", "pk"))


def _within(emergency: Emergency, area: Area) -> QuerySet[Need]:
    needs = Need.objects.filter(emergency=emergency, joined_to=None)
    if emergency.area.path.startswith(area.path):
        return needs
    return needs.filter(scope_filter(emergency, area, "area__path"))
