"""How a door's page says who answers, what became of a request, and in whose hands it is: as one tells a neighbor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from muster.coverage.kinds import AppointmentRole
from muster.needs.kinds import CarrierKind, NeedKind, NeedState
from muster.needs.queries.askers import Followed, FollowedStep, Hands
from muster.needs.queries.doors import Door, DoorHolder
from muster.web.words import say_warden

KIND_WORDS: dict[str, Promise | str] = {
    NeedKind.FOOD: gettext_lazy("Food, things of every day"),
    NeedKind.MEDICINE: gettext_lazy("Medicine"),
    NeedKind.MEDICAL: gettext_lazy("See a doctor"),
    NeedKind.CARE: gettext_lazy("Somebody to look after"),
    NeedKind.RESCUE: gettext_lazy("Trapped, come and get us"),
    NeedKind.REPAIR: gettext_lazy("Something is broken"),
    NeedKind.OTHER: gettext_lazy("Something else"),
    NeedKind.WORD: gettext_lazy("A word to the warden"),
}
KINDS = (
    *(NeedKind.RESCUE, NeedKind.MEDICAL, NeedKind.MEDICINE, NeedKind.FOOD),
    *(NeedKind.CARE, NeedKind.REPAIR, NeedKind.WORD, NeedKind.OTHER),
)
"""In the order of the pictures: what presses most comes first."""
_CARRIERS: dict[str, Promise | str] = {
    CarrierKind.WARDEN: gettext_lazy("the warden, %(name)s"),
    CarrierKind.DEPUTY: gettext_lazy("the deputy, %(name)s"),
    CarrierKind.OFFICE: "%(name)s",
    CarrierKind.ORGANIZATION: "%(name)s",
    CarrierKind.ON_DUTY: gettext_lazy("somebody on duty"),
}


@dataclass(frozen=True, slots=True)
class SaidStep:
    """One step as a page shows it: when, in words, with a note; whether it is the last."""

    at: datetime
    words: str
    note: str
    is_asker: bool


@dataclass(frozen=True, slots=True)
class SaidNeed:
    """How a request stands, in words.

    Parameters
    ----------
    headline, next
        How it stands, and what comes next.
    stage
        How many of the four stages are reached: asked, in somebody's hands, under way, answered.
    steps
        What happened, in its order.
    """

    headline: str
    next: str
    stage: int
    steps: Sequence[SaidStep]


def say_kind(kind: str) -> str:
    """Return what is asked for, as a neighbor says it."""
    return str(KIND_WORDS.get(kind, kind))


def say_holder(holder: DoorHolder) -> str:
    """Return the role of whoever answers for a door: ``单元长``, ``副楼栋长``."""
    title = say_warden(holder.area.level)
    return title if holder.role == AppointmentRole.WARDEN else _("deputy %(title)s") % {"title": title}


def say_hands(hands: Hands | None) -> str:
    """Return in whose hands a request is; empty where in nobody's by name."""
    return str(_CARRIERS[hands.kind]) % {"name": hands.name} if hands is not None else ""


def say_told(told: str) -> str:
    """Return what is said once, right after asking."""
    return {
        "new": _("Your request is written down."),
        "again": _("This request was here already: it is written down once."),
        "lost": _("Your request is written down. A picture could not be opened; say in words what it shows."),
    }.get(told, "")


def say_steps(followed: Followed, door: Door) -> SaidNeed:
    """Say how a request stands, and every step that it took."""
    need = followed.need
    words = {"hands": say_hands(followed.hands), "office": door.office.name}
    headline, then = _STANDS[NeedState(need.state)](bool(words["hands"]))
    raised = SaidStep(need.at, _say_raised(followed), need.words, is_asker=not need.is_for_other)
    return SaidNeed(
        headline=str(headline) % words,
        next=str(then) % words,
        stage=_STAGES[NeedState(need.state)],
        steps=[raised, *map(_say_step, followed.steps)],
    )


def _say_raised(followed: Followed) -> str:
    kind = say_kind(followed.need.kind)
    if followed.need.is_for_other:
        return _("Told by telephone or on paper: %(kind)s") % {"kind": kind}
    return _("You asked: %(kind)s") % {"kind": kind}


_STAGES = {
    NeedState.OPEN: 1,
    NeedState.GIVEN: 1,
    NeedState.ACCEPTED: 2,
    NeedState.UNDER_WAY: 3,
    NeedState.ANSWERED: 4,
    NeedState.WITHDRAWN: 0,
}


def _stand_open(_has_hands: bool) -> tuple[str, str]:
    return (
        _("Nobody has taken it up yet"),
        _("It stands on the list of %(office)s. If nobody takes it up in time, the next office up is told by itself."),
    )


def _stand_given(_has_hands: bool) -> tuple[str, str]:
    return (
        _("It was given to %(hands)s"),
        _("They have not answered yet. If they do not in time, the next office up is told by itself."),
    )


def _stand_accepted(has_hands: bool) -> tuple[str, str]:
    headline = _("Taken up by %(hands)s") if has_hands else _("Taken up by %(office)s")
    return headline, _("They will come or ring. You can add a word below.")


def _stand_under_way(has_hands: bool) -> tuple[str, str]:
    return _("%(hands)s is on it") if has_hands else _("%(office)s is on it"), _("You can add a word below.")


def _stand_answered(_has_hands: bool) -> tuple[str, str]:
    return _("It is answered"), _("Is it not solved, or is there something new? Then ask again.")


def _stand_withdrawn(_has_hands: bool) -> tuple[str, str]:
    return _("It was withdrawn"), _("Do you need help after all? Then ask again.")


_STANDS = {
    NeedState.OPEN: _stand_open,
    NeedState.GIVEN: _stand_given,
    NeedState.ACCEPTED: _stand_accepted,
    NeedState.UNDER_WAY: _stand_under_way,
    NeedState.ANSWERED: _stand_answered,
    NeedState.WITHDRAWN: _stand_withdrawn,
}
_DONE: dict[str, Promise | str] = {
    NeedState.OPEN: gettext_lazy("Handed back: somebody else is looked for"),
    NeedState.GIVEN: gettext_lazy("Given to %(hands)s"),
    NeedState.ACCEPTED: gettext_lazy("Taken up"),
    NeedState.UNDER_WAY: gettext_lazy("Under way"),
    NeedState.ANSWERED: gettext_lazy("Answered"),
    NeedState.WITHDRAWN: gettext_lazy("Withdrawn"),
}
_DONE_BY_ASKER: dict[str, Promise | str] = {
    "": gettext_lazy("You added"),
    NeedState.ANSWERED: gettext_lazy("You said that it is solved"),
    NeedState.WITHDRAWN: gettext_lazy("You withdrew it"),
}


def _say_step(step: FollowedStep) -> SaidStep:
    words = _DONE_BY_ASKER.get(step.state) if step.is_asker else None
    said = str(words or _DONE[step.state]) % {"hands": say_hands(step.hands)}
    return SaidStep(step.at, said, step.note, step.is_asker)
