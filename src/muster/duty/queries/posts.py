"""Posts and what they need, as an export writes them and an import reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Prefetch

from muster.duty.models import Demand, Post, PostKind, ShiftPattern
from muster.territory.models import Area
from muster.territory.queries import beneath_filter

EVERY_DAY = "1234567"


class PostLine(NamedTuple):
    """One post in a file; the fields are the columns."""

    code: str
    name: str
    kind: str
    area: str
    pool: str
    lon: float | None
    lat: float | None
    demand: str


POST_COLUMNS = PostLine._fields


def list_posts_for_export(area: Area) -> Iterator[PostLine]:
    """List the posts of an area and beneath it, in the order of the tree, as the import reads them."""
    demands = Prefetch("demands", Demand.objects.select_related("pattern").order_by("pattern__start_min", "pk"))
    posts = Post.objects.filter(beneath_filter(area, "area__path"), is_active=True)
    posts = posts.select_related("kind", "area", "pool_area").prefetch_related(demands)
    for post in posts.order_by("area__path", "code").iterator(chunk_size=500):
        yield PostLine(
            code=post.code,
            name=post.name,
            kind=post.kind.slug,
            area=post.area.code,
            pool=post.pool_area.code,
            lon=post.lon,
            lat=post.lat,
            demand=write_demand(list(post.demands.all())),
        )


def write_demand(demands: list[Demand]) -> str:
    """Return what a post needs as text: ``morning:2;night:1@67``, the days after ``@`` where not every day."""
    return ";".join(
        f"{demand.pattern.slug}:{demand.people}" + (f"@{demand.weekdays}" if demand.weekdays != EVERY_DAY else "")
        for demand in demands
    )


def list_post_kinds() -> list[PostKind]:
    """List the kinds of post by slug."""
    return list(PostKind.objects.order_by("slug"))


def list_shift_patterns() -> list[ShiftPattern]:
    """List the shift patterns in the order of the day."""
    return list(ShiftPattern.objects.all())
