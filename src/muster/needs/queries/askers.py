"""Needs as those see them who asked, and what they told of themselves as those see it who help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, may
from muster.kernel.errors import NotFoundError
from muster.needs.kinds import SETTLED, CarrierKind, NeedState
from muster.needs.models import Asker, Carried, Need, NeedPicture, NeedStep
from muster.needs.queries.queue import access_need, stand_of
from muster.needs.queries.stands import StepReach
from muster.needs.rules import read_code, say_code
from muster.territory.models import Area

ASKER = SystemActor("asker")
"""Whoever follows a need with its code."""
_CARRIERS = ("carrier_person", "carrier_organization", "carrier_office")
TOLD_WITH_NOTE = frozenset({NeedState.ACCEPTED, NeedState.UNDER_WAY, *SETTLED})
"""What is written with these is for the asker; why a need was handed on or back is between those who help."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose hands a need is in, as its asker may know: a role, and a name that hangs on doors.

    Parameters
    ----------
    kind
        What they are.
    name
        Of the warden or deputy, of the organization or the office; empty for somebody on duty.
    """

    kind: CarrierKind
    name: str


@dataclass(frozen=True, slots=True)
class FollowedStep:
    """One step of a need as its asker reads it.

    Parameters
    ----------
    at, state
        When, and what the need became; empty where a word was added.
    hands
        In whose hands it was given, or empty.
    note
        A word meant for the asker, or theirs.
    is_asker
        Whether the asker did it.
    """

    at: datetime
    state: str
    hands: Hands | None
    note: str
    is_asker: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """A need as its asker follows it.

    Parameters
    ----------
    need
        The need.
    steps
        In the order of their moments.
    hands
        Who has it now, or None.
    household, has_contact, picture_ids
        What they told of themselves.
    forgotten_on
        The day from which it is no longer kept, once the emergency has ended; None where it states none.
    """

    need: Need
    steps: Sequence[FollowedStep]
    hands: Hands | None
    household: str
    has_contact: bool
    picture_ids: Sequence[int]
    forgotten_on: date | None

    @property
    def spoken(self) -> str:
        """Return the need's name as it is read aloud."""
        return say_code(self.need.code)

    @property
    def is_settled(self) -> bool:
        """Tell whether it does not go on."""
        return self.need.state in SETTLED


def get_followed(door: Area, typed: str) -> Followed:
    """Get a need for whoever has its code and stands, by its address, at the door where it was asked.

    Raises
    ------
    NotFoundError
        If no need of that code was asked at that door, or what its asker told was deleted at the sunset.
    """
    code = read_code(typed)
    askers = Asker.objects.select_related("need__emergency", *(f"need__{name}" for name in _CARRIERS))
    asker = askers.filter(need__code=code, door=door).first()
    if asker is None:
        raise NotFoundError("No request of this door has this code.", remedy="Check the digits.")
    need = asker.need
    return Followed(
        need=need,
        steps=_list_steps(need),
        hands=_read_hands(need),
        household=asker.household,
        has_contact=bool(asker.contact),
        picture_ids=list(need.pictures.order_by("pk").values_list("pk", flat=True)),
        forgotten_on=need.emergency.sunset_on,
    )


def _list_steps(need: Need) -> list[FollowedStep]:
    steps = NeedStep.objects.select_related(*_CARRIERS).filter(need__in=[need.pk, need.joined_to_id or need.pk])
    told = [_tell(step, is_own=step.need_id == need.pk) for step in steps.order_by("at", "pk")]
    return [step for step in told if step is not None]


def _tell(step: NeedStep, *, is_own: bool) -> FollowedStep | None:
    """Return a step as an asker reads it; None for what is said among those who help, or by another asker."""
    is_asker = step.entered_by is None and step.by == ASKER.name
    if not step.state and not (is_asker and is_own):
        return None
    is_told = is_own if is_asker else step.state in TOLD_WITH_NOTE
    note = step.note if is_told else ""
    return FollowedStep(step.at, step.state, _read_hands(step), note, is_asker and is_own)


def _read_hands(row: Carried) -> Hands | None:
    if not row.carrier_kind:
        return None
    kind = CarrierKind(row.carrier_kind)
    carrier = row.carrier_person or row.carrier_organization or row.carrier_office
    # Wardens' names hang on doors; who is on duty stays their own affair.
    name = "" if carrier is None or kind == CarrierKind.ON_DUTY else carrier.name
    return Hands(kind, name)


def find_picture(door: Area, typed: str, number: int) -> bytes | None:
    """Find a picture of a need for its asker."""
    pictures = NeedPicture.objects.filter(pk=number, need__code=read_code(typed), need__asker__door=door)
    return _read_image(pictures.first())


def access_picture(actor: Actor, number: int) -> bytes:
    """Fetch a picture for whoever may take its need further.

    Raises
    ------
    NotFoundError
        If there is none, or the actor may not see it.
    """
    picture = NeedPicture.objects.select_related("need").filter(pk=number).first()
    image = _read_image(picture)
    if picture is None or image is None:
        raise NotFoundError("There is no such picture.")
    access_need(actor, picture.need.code)
    return image


def _read_image(picture: NeedPicture | None) -> bytes | None:
    return bytes(picture.image) if picture is not None else None


def may_see_contact(actor: Actor, need: Need) -> bool:
    """Tell whether an actor carries a need, or speaks for its carrier who has no account: then they may ring its asker.

    Nobody does while the need is in nobody's hands.
    """
    if not need.carrier_kind and need.taken_at is None:
        return False
    stand = stand_of(need)
    return may(actor, Right.APPOINT, need.area) or StepReach(actor, [stand]).carries(stand)


@dataclass(frozen=True, slots=True)
class AskerCard:
    """Who asked, as whoever may take the need further sees it: where exactly, and pictures; not how to reach them.

    Parameters
    ----------
    household, picture_ids
        What they told.
    has_contact, may_see_contact
        Whether they said how to reach them, and whether this actor may see it.
    words
        What they added since, oldest first.
    """

    household: str
    picture_ids: Sequence[int]
    has_contact: bool
    may_see_contact: bool
    words: Sequence[FollowedStep]


def find_asker(actor: Actor, need: Need) -> AskerCard | None:
    """Find what the asker of a need told; None where it was not asked at a door, or is forgotten."""
    asker = Asker.objects.filter(need=need).first()
    if asker is None:
        return None
    return AskerCard(
        asker.household,
        list(need.pictures.order_by("pk").values_list("pk", flat=True)),
        bool(asker.contact),
        may_see_contact(actor, need),
        [step for step in _list_steps(need) if step.is_asker and step.note],
    )
