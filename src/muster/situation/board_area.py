"""What the inspector tells of one area: facts, people, gaps with age and owner, pairing, history, candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from muster.access.queries import Actor, filter_people
from muster.clocks.models import Gap
from muster.clocks.queries import list_pressing
from muster.coverage.kinds import AppointmentRole
from muster.coverage.models import Appointment, Pairing
from muster.coverage.queries import (
    AreaCoverage,
    Candidate,
    Tally,
    count_gaps,
    find_pairing,
    get_area_coverage,
    list_appointments,
    list_candidates,
)
from muster.emergencies.models import Emergency
from muster.kernel.errors import RuleError
from muster.people.queries import list_people
from muster.situation.board_gaps import GapLine, list_gap_lines
from muster.territory.models import Area, AreaTally, Level
from muster.territory.queries import list_levels, list_tallies

GAPS_LIMIT = 5
HISTORY_LIMIT = 12
CANDIDATES_LIMIT = 8
LARGE_AREAS = 50_000


@dataclass(frozen=True, slots=True)
class LevelLine:
    """Coverage of the areas of one level."""

    level: Level
    tally: Tally


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area, looked at closely.

    Parameters
    ----------
    area, coverage, levels
        The area and its coverage, itself and by level beneath; no coverage without an emergency.
    tallies
        What lies beneath, counted per level.
    pressing
        The open gaps that press most, as far as they were asked for.
    gaps, gaps_count
        The oldest open gaps in it, and how many there are.
    pairing
        The organization responsible here or above, if any.
    history
        Appointments on the area itself, newest first.
    """

    area: Area
    coverage: AreaCoverage | None
    levels: Sequence[LevelLine]
    tallies: Sequence[AreaTally]
    pressing: Sequence[Gap]
    gaps: Sequence[GapLine]
    gaps_count: int
    pairing: Pairing | None
    history: Sequence[Appointment]

    @property
    def is_large(self) -> bool:
        """Tell whether so much lies beneath that what changed is read only when asked for."""
        return sum(tally.areas for tally in self.tallies) > LARGE_AREAS

    @property
    def is_answered_for(self) -> bool:
        """Tell whether the area itself needs a warden in the emergency."""
        return self.coverage is not None and self.coverage.state is not None


def read_area(emergency: Emergency | None, area: Area, *, pressing_limit: int = GAPS_LIMIT) -> AreaView:
    """Read everything that the inspector tells of an area.

    Parameters
    ----------
    emergency, area
        Where to look.
    pressing_limit
        How many gaps to read for whoever shows more of them than the inspector.
    """
    tallies = list(list_tallies(area))
    if emergency is None:
        return AreaView(area, None, (), tallies, (), (), 0, None, ())
    coverage = get_area_coverage(emergency, area)
    levels = {level.slug: level for level in list_levels()}
    pressing = list_pressing(emergency, area, limit=pressing_limit)
    return AreaView(
        area=area,
        coverage=coverage,
        levels=[LevelLine(levels[line.level], line.tally) for line in coverage.levels],
        tallies=tallies,
        pressing=pressing,
        gaps=list_gap_lines(pressing[:GAPS_LIMIT]),
        gaps_count=sum(count_gaps(emergency, area).values()),
        pairing=find_pairing(emergency, area),
        history=list(list_appointments(emergency, area)[:HISTORY_LIMIT]) if coverage.state else (),
    )


def list_nearest(actor: Actor, area: Area, now: datetime) -> list[Candidate]:
    """List the people nearest to an area whom the actor may see, those who may be appointed first."""
    found = list_candidates(area, now=now, limit=CANDIDATES_LIMIT)
    people = list_people().filter(code__in=[candidate.person_code for candidate in found])
    seen = set(filter_people(actor, people).values_list("code", flat=True))
    return [candidate for candidate in found if candidate.person_code in seen]


def get_holding(emergency: Emergency, area: Area, role: AppointmentRole) -> Appointment:
    """Get the active appointment of a role on an area.

    Raises
    ------
    RuleError
        If nobody holds it.
    """
    active = list_appointments(emergency, area).filter(role=role, ends_at=None).first()
    if active is None:
        raise RuleError(_("Nobody holds this role any more."), remedy=_("Look at the area as it is now, and appoint."))
    return active
