"""Requests for cover and who was asked: what actions, screens and phones ask of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from muster.duty.kinds import LEAVES_EMPTY, CheckInKind, CoverState, DutyState, OfferState
from muster.duty.models import CoverOffer, CoverRequest, CoverRules, Duty, Notice, Shift
from muster.duty.queries.cover import CoverCandidate, list_cover
from muster.duty.queries.gaps import read_gap_subject
from muster.emergencies.models import Emergency
from muster.kernel.errors import NotFoundError
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

ILL_FOR = timedelta(hours=24)
"""How long whoever said that they are ill or cannot come is not asked for anything else."""
SHOWN_FOR = timedelta(hours=24)
"""How long a request that was closed is still shown to whoever was asked, and listed on the desk."""
_SHIFT = (
    "shift__post__kind",
    "shift__post__area__level",
    "shift__post__pool_area",
    "shift__pattern",
    "shift__emergency",
)
_OF_REQUEST = tuple(f"request__{path}" for path in _SHIFT)


@dataclass(frozen=True, slots=True)
class Places:
    """How the places of a shift stand while people are asked for it.

    Parameters
    ----------
    free
        Places that nobody has, or whose holder is to be replaced.
    requests
        Open requests, those first that are the first to close when one is too many.
    """

    free: int
    requests: Sequence[CoverRequest]

    @property
    def unasked(self) -> int:
        """How many places nobody is asked for yet."""
        return max(0, self.free - len(self.requests))

    @property
    def needless(self) -> Sequence[CoverRequest]:
        """The requests for which there is no place any more."""
        return self.requests[: max(0, len(self.requests) - self.free)]


def get_cover_rules(emergency: Emergency) -> CoverRules:
    """Get how people are asked in an emergency: its own rules, or the usual ones, which are not kept."""
    rules = CoverRules.objects.filter(emergency=emergency).first()
    return rules or CoverRules(emergency=emergency)


def read_places(shift: Shift, *, replaced: Duty | None = None) -> Places:
    """Read how the places of a shift stand.

    Parameters
    ----------
    shift
        Which.
    replaced
        A duty that is about to be replaced, beside those for which somebody is asked already.
    """
    standing = set(shift.duties.filter(state=DutyState.PLANNED).values_list("pk", flat=True))
    open_requests = list(CoverRequest.objects.filter(shift=shift, state=CoverState.OPEN).order_by("asked_at", "pk"))
    leaving = {request.replaces_id for request in open_requests} | {replaced.pk if replaced else None}
    ordered = sorted(open_requests, key=lambda request: request.replaces_id in standing)
    return Places(max(0, shift.needed - len(standing - leaving)), ordered)


def list_next(request: CoverRequest, *, now: datetime, limit: int) -> list[tuple[int, CoverCandidate]]:
    """List whom to ask next, by number, best first: whoever may stand there and was not asked yet.

    Who is asked for another place at the same time, or said within a day that they are ill or cannot come, is left
    in peace.
    """
    spared = _list_spared(request, now)
    found = [one for one in list_cover(request.shift, limit=limit + len(spared)) if one.may_stand]
    numbers = dict(Person.objects.filter(code__in=[one.person_code for one in found]).values_list("code", "pk"))
    ranked = [(numbers[one.person_code], one) for one in found]
    return [(number, one) for number, one in ranked if number not in spared][:limit]


def _list_spared(request: CoverRequest, now: datetime) -> set[int]:
    shift = request.shift
    asked = CoverOffer.objects.filter(request=request).values_list("person_id")
    # From the few requests that are open, not from all offers that there ever were.
    beside = CoverRequest.objects.filter(
        state=CoverState.OPEN, shift__starts_at__lt=shift.ends_at, shift__ends_at__gt=shift.starts_at
    )
    elsewhere = CoverOffer.objects.filter(state=OfferState.OFFERED, request__in=list(beside)).values_list("person_id")
    ill = Notice.objects.filter(kind__in=LEAVES_EMPTY, at__gt=now - ILL_FOR).values_list("duty__person_id")
    spared = {number for (number,) in asked.union(elsewhere, ill)}
    return spared | {request.replaces.person_id} if request.replaces else spared


def list_requests(emergency: Emergency, area: Area, now: datetime) -> QuerySet[CoverRequest]:
    """List the requests for cover in an area and beneath it: the open ones, then what was closed within a day."""
    shown = Q(state=CoverState.OPEN) | Q(closed_at__gt=now - SHOWN_FOR)
    requests = CoverRequest.objects.filter(shown, beneath_filter(area, "shift__post__area__path"))
    newest_first = F("closed_at").desc(nulls_first=True)
    return _with_offers(requests.filter(shift__emergency=emergency)).order_by(newest_first, "shift__starts_at", "pk")


def get_request(emergency: Emergency, area: Area, number: int) -> CoverRequest:
    """Get a request for cover in an area or beneath it by its number, with everybody who was asked.

    Raises
    ------
    NotFoundError
        If there is none there.
    """
    requests = CoverRequest.objects.filter(beneath_filter(area, "shift__post__area__path"), shift__emergency=emergency)
    request = _with_offers(requests.filter(pk=number)).first()
    if request is None:
        raise NotFoundError(f"There is no request {number} here.")
    return request


def _with_offers(requests: QuerySet[CoverRequest]) -> QuerySet[CoverRequest]:
    offers = CoverOffer.objects.select_related("person").defer("person__phone").order_by("rank")
    related = requests.select_related(*_SHIFT, "replaces__person").defer("replaces__person__phone")
    return related.prefetch_related(Prefetch("offers", offers))


def find_offer(number: int) -> CoverOffer | None:
    """Find an offer by its number, with all that its page tells."""
    return _offers().filter(pk=number).first()


def find_own_offer(person: Person, number: int) -> CoverOffer | None:
    """Find an offer that was made to a person."""
    return _offers().filter(pk=number, person=person).first()


def list_own_offers(person: Person, now: datetime) -> list[CoverOffer]:
    """List what a person is asked to cover, and what became of it within a day; what can be accepted first."""
    shown = Q(request__state=CoverState.OPEN) | Q(request__closed_at__gt=now - SHOWN_FOR)
    return list(_offers().filter(shown, person=person).order_by(F("request__closed_at").desc(nulls_first=True), "pk"))


def _offers() -> QuerySet[CoverOffer]:
    return CoverOffer.objects.select_related("person", "duty", *_OF_REQUEST, "request__replaces")


def find_place(emergency: Emergency, subject: str) -> str:
    """Find the place that a gap of a shift is about, as the roster's address names it; empty where it is gone.

    Somebody's who has not come, or else an empty one of the shift.

    Parameters
    ----------
    emergency, subject
        Whose gap, and its name.
    """
    name = read_gap_subject(subject)
    shift = Shift.objects.filter(
        emergency=emergency, post__code=name.post_code, starts_at=name.starts_at, ends_at=name.ends_at
    ).first()
    if shift is None:
        return ""
    standing = shift.duties.filter(state=DutyState.PLANNED)
    awaited = standing.exclude(check_ins__kind=CheckInKind.IN).order_by("pk").first()
    return f"duty={awaited.pk}" if awaited and standing.count() >= shift.needed else f"shift={shift.pk}"


def list_unfinished(emergency: Emergency) -> QuerySet[CoverRequest]:
    """List the open requests of an emergency, oldest first."""
    requests = CoverRequest.objects.filter(shift__emergency=emergency, state=CoverState.OPEN)
    return requests.select_related(*_SHIFT, "replaces").order_by("asked_at", "pk")


def has_come_after_all(request: CoverRequest) -> bool:
    """Tell whether whoever was to be replaced is reported as there, and still has the place."""
    duty = request.replaces
    if duty is None or duty.state != DutyState.PLANNED:
        return False
    return duty.check_ins.filter(kind=CheckInKind.IN, recorded_at__gte=request.asked_at).exists()


def list_late(duties: Collection[int]) -> dict[int, datetime]:
    """List until when people said that they come late, by number of the duty."""
    notices = Notice.objects.filter(duty__in=duties).order_by("at", "pk")
    told = {notice["duty_id"]: notice for notice in notices.values("duty_id", "kind", "late_min", "duty__starts_at")}
    return {
        duty: notice["duty__starts_at"] + timedelta(minutes=notice["late_min"])
        for duty, notice in told.items()
        if notice["late_min"]
    }


def write_why(one: CoverCandidate) -> dict[str, Any]:
    """Return why somebody was asked, as it is kept with the offer."""
    return {
        "week_min": one.week_min,
        "nights": one.nights,
        "weekends": one.weekends,
        "distance_m": None if one.distance_m is None else round(one.distance_m),
        "last_end_at": one.last_end_at.isoformat() if one.last_end_at else None,
        "cost": round(one.cost, 3),
    }
