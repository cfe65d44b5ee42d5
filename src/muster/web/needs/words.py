"""How the needs desk says who carries a need, what became of it, and what two needs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from muster.needs.kinds import CarrierKind, NeedState, NeedUrgency
from muster.needs.queries import CarrierChoice
from muster.web.words import say_duty

LIKENESS_ORDER = ("same_door", "nearby", "same_kind", "same_words", "similar_words")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of what happened to a need: when, what, by whom, and what was said."""

    at: datetime
    what: str
    by: str
    note: str
    is_late_s: int = 0
    is_for_other: bool = False


def say_likeness(slug: str) -> str:
    """Return what two needs have in common."""
    words = {
        "same_door": _("one door"),
        "nearby": _("neighboring doors"),
        "same_kind": _("one kind"),
        "same_words": _("the same words"),
        "similar_words": _("similar words"),
    }
    return words.get(slug, slug)


def say_carrier(row: Any, *, may_see_people: bool) -> str:
    """Return who carries a need, or whom a step names; a person by role alone where names may not be shown."""
    if not row.carrier_kind:
        return ""
    kind = str(CarrierKind(row.carrier_kind).label)
    if row.carrier_organization is not None:
        return str(row.carrier_organization.name)
    if row.carrier_office is not None:
        return str(row.carrier_office.name)
    if not may_see_people or row.carrier_person is None:
        return kind
    return pgettext("carrier", "%(name)s, %(kind)s") % {"name": row.carrier_person.name, "kind": kind}


def say_choice(choice: CarrierChoice) -> str:
    """Return how a possible carrier is named in a list to choose from."""
    if choice.name.kind in {CarrierKind.WARDEN, CarrierKind.DEPUTY}:
        parts = [choice.area, str(CarrierKind(choice.name.kind).label), choice.person]
    elif choice.name.kind == CarrierKind.ORGANIZATION:
        duties = pgettext("list", ", ").join(say_duty(duty) for duty in choice.duties)
        parts = [choice.title, duties]
    elif choice.name.kind == CarrierKind.ON_DUTY:
        parts = [choice.title, _("on duty at %(post)s") % {"post": choice.area}]
    else:
        parts = [choice.title]
    return " · ".join(part for part in parts if part)


def list_step_lines(steps: Sequence[Any], joins: Sequence[Any], need: Any, *, may_see_people: bool) -> list[StepLine]:
    """List what happened to a need, newest first: its steps, and when it was joined to others and parted again."""
    lines = [_step_line(step, may_see_people=may_see_people) for step in steps]
    for pair in joins:
        other = pair.first if pair.second_id == need.pk else pair.second
        lines.append(StepLine(pair.at, _("joined with %(code)s") % {"code": other.code}, pair.by, ""))
        if pair.undone_at is not None:
            lines.append(StepLine(pair.undone_at, _("parted from %(code)s") % {"code": other.code}, pair.undone_by, ""))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _step_line(step: Any, *, may_see_people: bool) -> StepLine:
    said = [_say_state(step, may_see_people=may_see_people)]
    if step.urgency is not None:
        said.append(_("urgency: %(urgency)s") % {"urgency": NeedUrgency(step.urgency).label})
    if step.place is not None:
        said.append(_("placed at %(place)s") % {"place": step.place.name})
    what = " · ".join(part for part in said if part) or _("a word")
    return StepLine(step.at, what, step.by, step.note, is_for_other=step.is_for_other)


def _say_state(step: Any, *, may_see_people: bool) -> str:
    if not step.state:
        return ""
    carrier = say_carrier(step, may_see_people=may_see_people)
    if step.state == NeedState.GIVEN and carrier:
        return _("given to %(carrier)s") % {"carrier": carrier}
    if step.state == NeedState.OPEN:
        return _("handed back")
    label = str(NeedState(step.state).label)
    return f"{label} · {carrier}" if carrier else label
