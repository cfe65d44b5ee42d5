"""The rows that a scenario is made of, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from muster.territory.kinds import AreaSpec, BoundarySpec


class OrganizationRow(NamedTuple):
    """An invented organization, seated in an area."""

    code: str
    name: str
    kind: str
    parent_code: str
    seat_code: str
    people_offered: int


class PersonRow(NamedTuple):
    """An invented person. ``max_week_h`` is None without a limit, 0 for who takes no shifts at all."""

    code: str
    name: str
    home_code: str
    work_code: str
    phone: str
    abilities: tuple[str, ...]
    restrictions: tuple[str, ...]
    may_serve: bool
    max_appointments: int
    max_week_h: int | None
    consented_on: date | None
    absent_from: date | None = None
    absent_until: date | None = None
    organization_code: str = ""
    role: str = ""
    since_on: date | None = None


class PostRow(NamedTuple):
    """An invented post; ``demand`` is people per shift pattern."""

    code: str
    name: str
    kind: str
    area_code: str
    pool_code: str
    lon: float
    lat: float
    demand: dict[str, int]


@dataclass(frozen=True)
class City:
    """Everything that a scenario writes, parents before children."""

    areas: list[AreaSpec]
    boundaries: list[BoundarySpec]
    organizations: list[OrganizationRow]
    people: list[PersonRow]
    posts: list[PostRow]
