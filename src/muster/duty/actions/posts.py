"""Writing posts and what they need, in bulk: for imports and for scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from muster.duty.models import Demand, Post, PostKind, ShiftPattern
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.territory.models import Area

BATCH_ROWS = 500
EVERY_DAY = "1234567"
_FIELDS = ("name", "kind_id", "area_id", "pool_area_id", "lon", "lat", "is_active", "is_synthetic")


@dataclass(frozen=True, slots=True)
class PostSpec:
    """A post as it is to be.

    Parameters
    ----------
    code, name
        How it is recognized and called.
    kind
        Slug of its kind.
    area, pool
        Codes of the area it stands in, and of the area whose people staff it.
    demand
        People needed by slug of the shift pattern.
    weekdays
        ISO days of the week by slug of the pattern; every day where it says nothing.
    lon, lat
        Position in degrees (WGS 84), where known.
    is_synthetic
        Whether it is invented; None leaves a standing post as it is.
    """

    code: str
    name: str
    kind: str
    area: str
    pool: str
    demand: Mapping[str, int]
    weekdays: Mapping[str, str] = field(default_factory=dict)
    lon: float | None = None
    lat: float | None = None
    is_active: bool = True
    is_synthetic: bool | None = None


@dataclass(frozen=True, slots=True)
class PostsReport:
    """How many posts were made, changed, and left as they were."""

    created: int
    updated: int
    unchanged: int


def write_posts(*, actor: Actor, now: datetime, specs: Iterable[PostSpec]) -> PostsReport:
    """Write posts with their demands: make new ones, change those that differ, leave the others.

    Parameters
    ----------
    actor, now
        Who writes, and when.
    specs
        Any number; a code may appear once. Demands of a post that the spec does not name are removed.

    Raises
    ------
    RuleError
        If a kind, a pattern or an area does not exist, or a code appears twice.
    """
    wanted = list(specs)
    if len({spec.code for spec in wanted}) < len(wanted):
        raise RuleError("A code of a post appears twice.", remedy="Give each post a code of its own.")
    with transaction.atomic():
        report = _write_posts(wanted)
        record(
            actor=actor,
            now=now,
            verb=Verb.IMPORTED,
            subject_kind="posts",
            subject_id="posts",
            detail={"created": report.created, "updated": report.updated, "unchanged": report.unchanged},
        )
    return report


def _write_posts(wanted: Sequence[PostSpec]) -> PostsReport:
    rows = _build_rows(wanted)
    standing = {post.code: post for post in _find_posts([spec.code for spec in wanted])}
    fresh = [row for row in rows if row.code not in standing]
    for row, spec in zip(rows, wanted, strict=True):
        if spec.is_synthetic is None and spec.code in standing:
            row.is_synthetic = standing[spec.code].is_synthetic
    changed = [row for row in rows if row.code in standing and _take_over(standing[row.code], row)]
    Post.objects.bulk_create(fresh, batch_size=BATCH_ROWS)
    Post.objects.bulk_update([standing[row.code] for row in changed], _FIELDS, batch_size=BATCH_ROWS)
    redemanded = _write_demands(wanted, {**standing, **{row.code: row for row in fresh}})
    updated = {row.code for row in changed} | (redemanded & standing.keys())
    return PostsReport(len(fresh), len(updated), len(wanted) - len(fresh) - len(updated))


def _find_posts(codes: Sequence[str]) -> list[Post]:
    return [
        post
        for start in range(0, len(codes), BATCH_ROWS)
        for post in Post.objects.filter(code__in=codes[start : start + BATCH_ROWS])
    ]


def _build_rows(wanted: Sequence[PostSpec]) -> list[Post]:
    kinds = dict(PostKind.objects.values_list("slug", "pk"))
    codes = sorted({code for spec in wanted for code in (spec.area, spec.pool)})
    areas: dict[str, int] = {}
    for start in range(0, len(codes), BATCH_ROWS):
        areas.update(Area.objects.filter(code__in=codes[start : start + BATCH_ROWS]).values_list("code", "pk"))
    return [
        Post(
            code=spec.code,
            name=spec.name,
            kind_id=_number_of(kinds, spec.kind, "kind of post", spec.code),
            area_id=_number_of(areas, spec.area, "area", spec.code),
            pool_area_id=_number_of(areas, spec.pool, "area", spec.code),
            lon=spec.lon,
            lat=spec.lat,
            is_active=spec.is_active,
            is_synthetic=bool(spec.is_synthetic),
        )
        for spec in wanted
    ]


def _number_of(numbers: Mapping[str, int], slug: str, what: str, post_code: str) -> int:
    number = numbers.get(slug)
    if number is None:
        raise RuleError(f"There is no {what} {slug!r}.", where=f"post {post_code}", remedy="Correct it and try again.")
    return number


def _take_over(standing: Post, row: Post) -> bool:
    """Give a standing post the values of a row and tell whether that changed it."""
    changed = [name for name in _FIELDS if getattr(standing, name) != getattr(row, name)]
    for name in changed:
        setattr(standing, name, getattr(row, name))
    return bool(changed)


def _write_demands(wanted: Sequence[PostSpec], posts: Mapping[str, Post]) -> set[str]:
    """Make the demands of the posts what the specs say; return the codes of the posts that this changed."""
    patterns = dict(ShiftPattern.objects.values_list("slug", "pk"))
    standing = _find_demands({posts[spec.code].pk: spec.code for spec in wanted}, patterns)
    wants = {(spec.code, slug): spec for spec in wanted for slug, people in spec.demand.items() if people}
    gone = [key for key in standing if key not in wants]
    fresh = [key for key in wants if key not in standing]
    changed = [key for key, spec in wants.items() if key in standing and _take_demand(standing[key], spec, key[1])]
    Demand.objects.filter(pk__in=[standing[key].pk for key in gone]).delete()
    rows = [
        Demand(
            post=posts[code],
            pattern_id=_number_of(patterns, slug, "shift pattern", code),
            people=wants[code, slug].demand[slug],
            weekdays=wants[code, slug].weekdays.get(slug, EVERY_DAY),
        )
        for code, slug in fresh
    ]
    Demand.objects.bulk_create(rows, batch_size=BATCH_ROWS)
    Demand.objects.bulk_update([standing[key] for key in changed], ["people", "weekdays"], batch_size=BATCH_ROWS)
    return {code for code, _ in (*gone, *changed, *fresh)}


def _find_demands(code_of: Mapping[int, str], patterns: Mapping[str, int]) -> dict[tuple[str, str], Demand]:
    slugs = {number: slug for slug, number in patterns.items()}
    numbers = sorted(code_of)
    return {
        (code_of[demand.post_id], slugs[demand.pattern_id]): demand
        for start in range(0, len(numbers), BATCH_ROWS)
        for demand in Demand.objects.filter(post_id__in=numbers[start : start + BATCH_ROWS])
    }


def _take_demand(standing: Demand, spec: PostSpec, slug: str) -> bool:
    wanted = (spec.demand[slug], spec.weekdays.get(slug, EVERY_DAY))
    if wanted == (standing.people, standing.weekdays):
        return False
    standing.people, standing.weekdays = wanted
    return True
