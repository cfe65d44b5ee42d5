"""Invented organizations: the usual agencies by their generic names, everything else by invented ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from muster.organizations.kinds import OrganizationKind
from muster.scenarios.chance import open_stream, pick
from muster.scenarios.divisions import URBAN_KINDS
from muster.scenarios.names import invent_enterprise
from muster.scenarios.rows import OrganizationRow
from muster.scenarios.shape import Shape
from muster.scenarios.words import read_words
from muster.territory.kinds import AreaSpec

_BUREAUS = read_words("bureaus")
_COUNTY_WORDS = {
    "220702": "宁江区",
    "220721": "前郭县",
    "220722": "长岭县",
    "220723": "乾安县",
    "220771": "经开区",
    "220781": "扶余市",
}
_OFFERED = {
    OrganizationKind.AGENCY: (6, 20),
    OrganizationKind.ENTERPRISE: (4, 16),
    OrganizationKind.HOSPITAL: (10, 30),
    OrganizationKind.SCHOOL: (6, 18),
    OrganizationKind.VOLUNTEERS: (8, 24),
}
_BUREAUS_OF_SMALL = 3


@dataclass
class _Register:
    """Organizations as they are founded, numbered within the area that they belong to."""

    seed: int
    rows: list[OrganizationRow] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def found(self, of: str, name: str, kind: OrganizationKind, seat: AreaSpec, parent_code: str = "") -> str:
        """Found an organization and return its code."""
        number = self.numbers[of] = self.numbers.get(of, 0) + 1
        code = f"O{of}-{number:02d}"
        low, high = _OFFERED[kind]
        offered = int(open_stream(self.seed, "offered", code).integers(low, high + 1))
        self.rows.append(OrganizationRow(code, name, kind.value, parent_code, seat.code, offered))
        return code


def invent_organizations(divisions: list[AreaSpec], shape: Shape, seed: int) -> list[OrganizationRow]:
    """Invent the organizations of a city, parents before children.

    City and county agencies sit in the communities of their seat, township ones in their township.
    """
    register = _Register(seed)
    by_level: dict[str, list[AreaSpec]] = {}
    for area in divisions:
        by_level.setdefault(area.level, []).append(area)
    communities = by_level["community"]
    bureaus = _BUREAUS_OF_SMALL if shape.townships else len(_BUREAUS["city"])
    city = by_level["city"][0]
    seats = [area for area in communities if area.kind in URBAN_KINDS]
    head = _found_bureaus(register, city, _BUREAUS["city"][:bureaus], _near_seat(seats, "220702"))
    for name in ("市中心医院", "市中医医院"):
        rng = open_stream(seed, "hospitals", name)
        seat = pick(rng, _near_seat(seats, "220702"))
        register.found(city.code, f"松原{name}", OrganizationKind.HOSPITAL, seat, head)
    for county in by_level["county"]:
        _found_county(register, county, head, _near_seat(seats, county.code), bureaus)
    _found_townships(register, by_level["township"], communities)
    return register.rows


def _near_seat(communities: list[AreaSpec], county_code: str) -> list[AreaSpec]:
    """Return the communities of a county's subdistricts, or what there is."""
    own = [area for area in communities if area.code.startswith(county_code)] or communities
    return [area for area in own if area.parent_code[6] == "0"] or own


def _found_bureaus(
    register: _Register, area: AreaSpec, names: list[str], seats: list[AreaSpec], parent_code: str = ""
) -> str:
    """Found an area's government office, and its bureaus beneath it; return the office's code."""
    rng = open_stream(register.seed, "seats", area.code)
    word = _COUNTY_WORDS.get(area.code, area.name)
    head = register.found(area.code, f"{word}人民政府办公室", OrganizationKind.AGENCY, pick(rng, seats), parent_code)
    for name in names:
        register.found(area.code, f"{word}{name}", OrganizationKind.AGENCY, pick(rng, seats), head)
    return head


def _found_county(register: _Register, county: AreaSpec, city_head: str, seats: list[AreaSpec], bureaus: int) -> None:
    word = _COUNTY_WORDS[county.code]
    head = _found_bureaus(register, county, _BUREAUS["county"][:bureaus], seats, city_head)
    rng = open_stream(register.seed, "hospitals", county.code)
    register.found(county.code, f"{word}人民医院", OrganizationKind.HOSPITAL, pick(rng, seats), head)


def _found_townships(register: _Register, townships: list[AreaSpec], communities: list[AreaSpec]) -> None:
    heads = {row.code.split("-")[0][1:]: row.code for row in reversed(register.rows)}
    beneath: dict[str, list[AreaSpec]] = {}
    for area in communities:
        beneath.setdefault(area.parent_code, []).append(area)
    taken: set[str] = set()
    for township in townships:
        _found_township(register, township, heads[township.parent_code], beneath[township.code], taken)


def _found_township(
    register: _Register, township: AreaSpec, county_head: str, seats: list[AreaSpec], taken: set[str]
) -> None:
    rng = open_stream(register.seed, "organizations", township.code)

    def found(name: str, kind: OrganizationKind, parent_code: str = county_head) -> str:
        return register.found(township.code, name, kind, pick(rng, seats), parent_code)

    if township.kind == "special_area":
        found(township.name, OrganizationKind.ENTERPRISE)
        return
    if township.kind == "subdistrict":
        head = found(f"{township.name}办事处", OrganizationKind.AGENCY)
        found(f"{township.name.removesuffix('街道')}小学", OrganizationKind.SCHOOL, head)
        found(f"{township.name}志愿服务队", OrganizationKind.VOLUNTEERS, head)
        for _ in range(2):
            found(invent_enterprise(rng, taken), OrganizationKind.ENTERPRISE)
        return
    head = found(f"{township.name}人民政府", OrganizationKind.AGENCY)
    found(f"{township.name}卫生院", OrganizationKind.HOSPITAL, head)
    if township.kind == "town":
        found(f"{township.name}中心小学", OrganizationKind.SCHOOL, head)
