"""What a paired organization can carry: which of the duties that it takes over answers which kind of need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from muster.coverage.kinds import PairingDuty
from muster.needs.kinds import NeedKind

CARRIED_BY: dict[str, tuple[str, ...]] = {
    NeedKind.FOOD: (PairingDuty.DELIVERY,),
    NeedKind.MEDICINE: (PairingDuty.DELIVERY,),
    NeedKind.MEDICAL: (PairingDuty.HOTLINE, PairingDuty.DELIVERY),
    NeedKind.CARE: (PairingDuty.REGISTRATION, PairingDuty.HOTLINE),
    NeedKind.RESCUE: (PairingDuty.GATE,),
    NeedKind.REPAIR: (PairingDuty.GATE, PairingDuty.DISINFECTION),
    NeedKind.OTHER: (PairingDuty.HOTLINE, PairingDuty.REGISTRATION),
}
"""Duties by kind of need, the fittest first. A city's own duties carry what a person gives them."""


@dataclass(frozen=True, slots=True)
class Crew:
    """An organization as it can carry needs.

    Parameters
    ----------
    key
        Its code.
    duties
        What it has taken over.
    people
        How many people it sends.
    carried
        How many needs are in its hands by now.
    """

    key: str
    duties: tuple[str, ...]
    people: int
    carried: int


def find_duty(kind: str, duties: Collection[str]) -> str:
    """Find the duty by which a kind of need can be carried, the fittest first; empty where there is none."""
    return next((duty for duty in CARRIED_BY.get(kind, ()) if duty in duties), "")


def suggest_carriers(needs: Iterable[tuple[str, str]], crews: Sequence[Crew]) -> dict[str, str]:
    """Return which organization could carry which need: those with a fitting duty, the least laden for its people.

    Needs that no duty fits are left out, so that a person decides; nobody is given more than twice their people.

    Parameters
    ----------
    needs
        Key and kind of each, most pressing first.
    crews
        Who is there.
    """
    load = {crew.key: crew.carried for crew in crews}
    found: dict[str, str] = {}
    for need, kind in needs:
        able = [crew for crew in crews if find_duty(kind, crew.duties) and load[crew.key] < 2 * crew.people]
        if able:
            chosen = min(able, key=lambda crew: (load[crew.key] / crew.people, crew.key))
            load[chosen.key] += 1
            found[need] = chosen.key
    return found
