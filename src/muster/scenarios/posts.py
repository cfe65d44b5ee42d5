"""Invented posts, of the kinds that the story tells of, and how many people each needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from muster.scenarios.chance import open_stream, pick, spread_whole
from muster.scenarios.megacity import Megacity
from muster.scenarios.rows import PostRow
from muster.scenarios.shape import Shape
from muster.territory.kinds import AreaSpec

_WEIGHTS = {"subdistrict": 18.0, "town": 8.5, "township": 5.5, "special_area": 2.0}
"""Places a day, one kind of township beside another."""


class _Template(NamedTuple):
    """What a post of a kind is called, and its places per shift pattern."""

    kind: str
    word: str
    demand: dict[str, int]


_GATE = _Template("gate", "卡口", {"morning": 2, "evening": 2, "night": 2})
_OTHERS = (
    _Template("vanguard_post", "党员先锋岗", {"morning": 3, "evening": 2}),
    _Template("responsibility_zone", "党员责任区", {"forenoon": 3, "afternoon": 2}),
    _Template("rapid_team", "党员突击队", {"morning": 3, "evening": 3}),
    _Template("volunteer_guard", "志愿护卫队", {"evening": 3, "night": 2}),
    _Template("voluntary_supervisor", "义务监督岗", {"forenoon": 2, "afternoon": 2}),
    _Template("patrol", "巡查组", {"morning": 1, "evening": 2, "night": 2}),
    _Template("delivery", "配送站", {"forenoon": 3, "afternoon": 3}),
    _Template("door_service", "入户服务组", {"forenoon": 3, "afternoon": 3}),
    _Template("hotline", "值守电话", {"morning": 1, "evening": 1, "night": 1}),
)


def invent_posts(divisions: list[AreaSpec], places: list[AreaSpec], shape: Shape, seed: int) -> list[PostRow]:
    """Invent the posts of every township; each township's people are the pool of its posts.

    Parameters
    ----------
    divisions, places
        The tree, with positions.
    shape, seed
        ``shape.duty_places_per_day`` is met exactly over all townships.
    """
    townships = [area for area in divisions if area.level == "township"]
    per_day = spread_whole(shape.duty_places_per_day, [_WEIGHTS[township.kind] for township in townships])
    beneath: dict[str, list[AreaSpec]] = {}
    for area in (*divisions, *places):
        beneath.setdefault(area.parent_code, []).append(area)
    posts: list[PostRow] = []
    for township, wanted in zip(townships, per_day, strict=True):
        rng = open_stream(seed, "posts", township.code)
        posts += _invent_township_posts(township, beneath, wanted, rng)
    return posts


def invent_community_posts(city: Megacity, shape: Shape) -> list[PostRow]:
    """Invent the posts of a megacity's communities; each community's people are the pool of its own posts.

    Parameters
    ----------
    city
        Where they stand.
    shape
        ``shape.duty_places_per_day`` is met exactly over all communities.
    """
    communities = [area for township in city.townships for area in township.communities]
    per_day = spread_whole(shape.duty_places_per_day, [1.0] * len(communities))
    posts: list[PostRow] = []
    for community, wanted in zip(communities, per_day, strict=True):
        rng = open_stream(city.seed, "posts", community.code)
        templates = [_GATE, *(_OTHERS[at] for at in rng.permutation(len(_OTHERS)))]
        for number, (template, demand) in enumerate(_deal(templates, wanted), start=1):
            code, name = f"S{community.code}-{number:02d}", f"{community.name}{template.word}"
            position = community.lon or 0.0, community.lat or 0.0
            posts.append(PostRow(code, name, template.kind, community.code, community.code, *position, demand))
    return posts


def _deal(templates: list[_Template], wanted: int) -> Iterator[tuple[_Template, dict[str, int]]]:
    """Yield kinds of post with their places until as many as are wanted are given out."""
    for template in templates:
        demand = _trim(template.demand, wanted)
        if not demand:
            return
        wanted -= sum(demand.values())
        yield template, demand


def _invent_township_posts(
    township: AreaSpec, beneath: dict[str, list[AreaSpec]], wanted: int, rng: np.random.Generator
) -> list[PostRow]:
    posts: list[PostRow] = []
    communities = beneath[township.code]
    for template, demand in _deal(_order_templates(township, rng), wanted):
        area = _choose_area(template, township, communities, beneath, rng)
        code = f"S{township.code}-{len(posts) + 1:02d}"
        name = f"{_short_name(area, communities)}{template.word}"
        posts.append(
            PostRow(code, name, template.kind, area.code, township.code, area.lon or 0.0, area.lat or 0.0, demand)
        )
    return posts


def _order_templates(township: AreaSpec, rng: np.random.Generator) -> list[_Template]:
    """Return kinds of post in a drawn order, with a gate first where many people pass."""
    drawn = [_OTHERS[at] for at in rng.permutation(len(_OTHERS))]
    if township.kind == "special_area":
        return [template for template in drawn if "night" not in template.demand]
    if township.kind == "subdistrict":
        return [_GATE, *drawn, _GATE]
    drawn.insert(int(rng.integers(3)), _GATE)
    return drawn


def _trim(demand: dict[str, int], wanted: int) -> dict[str, int]:
    """Return as much of a demand as is still wanted, spread over its patterns."""
    if wanted >= sum(demand.values()):
        return dict(demand)
    parts = spread_whole(wanted, list(demand.values()))
    return {pattern: people for pattern, people in zip(demand, parts, strict=True) if people}


def _choose_area(
    template: _Template,
    township: AreaSpec,
    communities: list[AreaSpec],
    beneath: dict[str, list[AreaSpec]],
    rng: np.random.Generator,
) -> AreaSpec:
    """Choose where a post stands: a telephone at the township, a gate at a compound, the rest in a community."""
    if template.kind == "hotline":
        return township
    community = pick(rng, communities)
    return pick(rng, beneath[community.code]) if template.kind == "gate" else community


def _short_name(area: AreaSpec, communities: list[AreaSpec]) -> str:
    """Return an area's name as a sign would have it, with its community's where it is a compound."""
    names = {community.code: community.name.removesuffix("村委会") for community in communities}
    if area.code in names:
        return names[area.code]
    return names.get(area.parent_code, "") + area.name
