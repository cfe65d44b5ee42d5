"""Rules of coverage as plain values: who may be appointed, what a choice costs, who needs a pairing most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muster.coverage.kinds import CoverageState, Exclusion, Nearness, PairingDuty, PairingState

NEARNESS_M: dict[Nearness, int] = {
    Nearness.LIVES_HERE: 0,
    Nearness.SAME_BUILDING: 100,
    Nearness.SAME_COMPOUND: 400,
    Nearness.SAME_COMMUNITY: 2_000,
    Nearness.WORKS_NEARBY: 4_000,
    Nearness.SAME_TOWNSHIP: 20_000,
    Nearness.FAR: 40_000,
}
"""What a tier of nearness costs, in meters of way: tiers outweigh the meters within them."""

DISTANCE_LIMIT_M = 9_999
"""Meters beyond which a longer way costs no more: a wrong point must not decide an appointment."""

SECOND_AREA_M = 6_000
"""What it costs to give somebody a second area while another person nearby has none."""

CHANGE_M = 100_000
"""What it costs to choose anybody who does not serve there now: people know their warden, who is kept unless
coverage would suffer. Costs stay positive so."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What decides whether a person may be appointed.

    Parameters
    ----------
    may_serve, has_consented, is_absent
        As the person's record and absences say on the day.
    max_appointments
        In how many areas the person may serve at a time.
    appointments
        In how many the person serves already, wherever that is.
    """

    may_serve: bool
    has_consented: bool
    is_absent: bool
    max_appointments: int
    appointments: int


def find_exclusion(facts: PersonFacts) -> Exclusion | None:
    """Return the first rule that keeps a person from a further appointment, or None."""
    if not facts.may_serve:
        return Exclusion.NOT_SERVING
    if not facts.has_consented:
        return Exclusion.NO_CONSENT
    if facts.is_absent:
        return Exclusion.ABSENT
    if facts.appointments >= facts.max_appointments:
        return Exclusion.FULL
    return None


EXCLUSION_ORDER: tuple[Exclusion, ...] = (
    Exclusion.NOT_SERVING,
    Exclusion.NO_CONSENT,
    Exclusion.ABSENT,
    Exclusion.FULL,
)
"""The numbers that stand for exclusions in arrays: their place here; -1 is none."""


def find_exclusions(
    may_serve: NDArray[np.bool_],
    has_consented: NDArray[np.bool_],
    is_absent: NDArray[np.bool_],
    room: NDArray[np.integer[Any]],
) -> NDArray[np.int8]:
    """Return what ``find_exclusion`` says of many people, as places in ``EXCLUSION_ORDER`` or -1.

    Parameters
    ----------
    may_serve, has_consented, is_absent, room
        One entry a person; ``room`` is the limit less the appointments elsewhere.
    """
    conditions = [~may_serve, ~has_consented, is_absent, room <= 0]
    return np.select(conditions, list(range(len(conditions))), default=-1).astype(np.int8)


def coverage_state(*, has_warden: bool, has_deputy: bool) -> CoverageState:
    """Return how an area stands, given whom it has."""
    if has_warden:
        return CoverageState.COVERED
    return CoverageState.DEPUTY_ONLY if has_deputy else CoverageState.GAP


def order_roles(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    standing_warden: NDArray[np.int64],
    standing_deputy: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the two people chosen for each area their roles: whoever has one there keeps it.

    Parameters
    ----------
    first, second
        People by number, one entry an area, -1 for nobody; the first would be warden if neither serves yet.
    standing_warden, standing_deputy
        Whom the areas have now.

    Returns
    -------
    warden, deputy
        The same people; there is a deputy only where there is a warden.
    """
    is_turned = (second >= 0) & (
        (second == standing_warden) | ((first == standing_deputy) & (first != standing_warden))
    )
    return np.where(is_turned, second, first), np.where(is_turned, first, second)


def distance_m(
    lon: NDArray[np.float64], lat: NDArray[np.float64], other_lon: NDArray[np.float64], other_lat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the distances between points in degrees, in meters; not a number where a point is not known.

    The plane that touches the earth between the two is exact enough at a city's size.
    """
    mean_lat = np.radians((lat + other_lat) / 2)
    east = (other_lon - lon) * np.cos(mean_lat) * 111_320.0
    north = (other_lat - lat) * 110_574.0
    return np.hypot(east, north)


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What makes a community need a pairing.

    Parameters
    ----------
    households
        Households in it.
    unmanaged
        Compounds and buildings in it that no property management looks after.
    has_committee
        Whether it has a committee of its own to do the work.
    """

    households: int
    unmanaged: int
    has_committee: bool


PAIRING_REACH_M = 50_000
"""An organization seated farther away than this is not paired anew: its people could not come every day."""

NEED_THRESHOLD = 10
"""From this need on, a community without a paired organization is a gap."""

_HOUSEHOLDS_PER_POINT = 100
_POINTS_PER_PERSON = 5
_MOST_PEOPLE = 12


def score_need(facts: NeedFacts) -> int:
    """Score how much a community needs a pairing: work that nobody there is paid to do weighs most."""
    return facts.households // _HOUSEHOLDS_PER_POINT + 2 * facts.unmanaged + (0 if facts.has_committee else 10)


def people_wanted(need: int) -> int:
    """Return how many people a pairing should send for a need."""
    return min(_MOST_PEOPLE, max(1, -(-need // _POINTS_PER_PERSON)))


def choose_duties(facts: NeedFacts) -> list[PairingDuty]:
    """Choose the duties that a paired organization takes over, from what the community lacks."""
    duties = []
    if facts.unmanaged:
        duties += [PairingDuty.GATE, PairingDuty.DISINFECTION]
    if facts.households >= 1_000:
        duties.append(PairingDuty.DELIVERY)
    if not facts.has_committee:
        duties += [PairingDuty.REGISTRATION, PairingDuty.HOTLINE]
    return duties or [PairingDuty.REGISTRATION]


_ANSWERS = frozenset({PairingState.ACCEPTED, PairingState.DECLINED})
_NEXT_STATES: dict[str, frozenset[PairingState]] = {
    PairingState.PROPOSED: _ANSWERS | {PairingState.RECALLED, PairingState.ENDED},
    PairingState.ACCEPTED: frozenset({PairingState.PROPOSED, PairingState.RECALLED, PairingState.ENDED}),
}


def may_follow(state: str, following: str) -> bool:
    """Tell whether a pairing may go from one state to another: what was accepted is proposed anew when it changes."""
    return following in _NEXT_STATES.get(state, frozenset())
