"""How large a scenario is, and which part of the real tree it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from muster.kernel.clock import CITY_ZONE


@dataclass(frozen=True)
class Shape:
    """A scenario's outline: everything but its seed.

    Parameters
    ----------
    code
        Name of the scenario, and of its emergency.
    townships
        Codes of the townships that it covers; empty for all of the city.
    second_compound_share
        Share of urban communities that have a second compound.
    unmanaged_share
        Share of compounds that no property management looks after; of stand-alone blocks it is four in five.
    buildings_at_most
        Largest compound, in buildings.
    hamlets_at_most
        Hamlets of a village, 1 or 2.
    duty_places_per_day
        About how many places are to be staffed on a day, over the whole scenario.
    activated_on, roster_starts_on, roster_days
        Day of the activation, first day of the roster, and its length in days.
    exercise_at
        The moment at which the exercise clock starts.
    divisions
        Name of the file with the real tree.
    is_megacity
        Whether it is written as it is invented, township by township, and its roster planned district by
        district; without pairings. Each of its communities staffs its own posts.
    """

    code: str
    name_zh: str
    name_en: str
    response_level: int
    townships: frozenset[str] = frozenset()
    second_compound_share: float = 0.08
    unmanaged_share: float = 0.26
    buildings_at_most: int = 53
    hamlets_at_most: int = 2
    duty_places_per_day: int = 1190
    activated_on: date = date(2020, 1, 25)
    roster_starts_on: date = date(2020, 2, 5)
    roster_days: int = 30
    exercise_at: datetime = datetime(2020, 2, 20, 7, 30, tzinfo=CITY_ZONE)
    divisions: str = "songyuan_divisions.csv"
    is_megacity: bool = False

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return a local moment of a day."""
        return datetime.combine(day, time(hour, minute), tzinfo=CITY_ZONE)


SONGYUAN_2020 = Shape(
    code="songyuan-2020",
    name_zh="松原疫情防控",
    name_en="Songyuan epidemic control",
    response_level=2,
)
"""The whole city: 1,312 communities and villages, about 7,000 areas that need a warden."""

SMALL = Shape(
    code="songyuan-small",
    name_zh="文化街道疫情防控",
    name_en="Wenhua subdistrict epidemic control",
    response_level=2,
    townships=frozenset({"220702002"}),
    second_compound_share=0.5,
    unmanaged_share=0.6,
    buildings_at_most=7,
    duty_places_per_day=18,
    roster_starts_on=date(2020, 2, 17),
    roster_days=14,
)
"""One subdistrict of three communities, for tests and for trying things out."""

WUHAN_SCALE = Shape(
    code="wuhan-scale",
    name_zh="武汉规模演练",
    name_en="Exercise at the scale of Wuhan",
    response_level=1,
    duty_places_per_day=100_000,
    roster_starts_on=date(2020, 2, 1),
    roster_days=14,
    exercise_at=datetime(2020, 2, 1, 7, 30, tzinfo=CITY_ZONE),
    divisions="wuhan_divisions.csv",
    is_megacity=True,
)
"""A city of ten million: about a million areas that need a warden, 1.3 million people, and 100,000 duties a day."""
