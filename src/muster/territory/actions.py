"""Changes to the territory: making areas, mending them, drawing boundaries. The only writer of its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Max, Value
from django.db.models.functions import Concat, Substr

from muster.kernel import audit
from muster.kernel.batches import batches
from muster.kernel.bulk import insert_rows
from muster.kernel.errors import NotFoundError
from muster.kernel.kinds import Verb
from muster.kernel.pinyin import spell
from muster.territory.kinds import AreaSpec, BoundarySpec
from muster.territory.models import Area, Boundary, Level
from muster.territory.rules import LevelOrder, encode_step, step_ordinal, subtree_range
from muster.territory.tallies import rebuild_tallies

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""

_BATCH_ROWS = 20_000
_FIELDS = (
    "code",
    "name",
    "level_id",
    "parent_id",
    "path",
    "kind",
    "households",
    "is_managed",
    "lon",
    "lat",
    "pinyin",
    "is_synthetic",
    "is_position_synthetic",
)


@transaction.atomic
def create_areas(
    specs: Iterable[AreaSpec], *, actor: audit.Actor, now: datetime, progress: Progress | None = None
) -> int:
    """Make areas that do not exist yet, in any order, each under its parent.

    Parameters
    ----------
    specs
        The areas; their parents are among them or in the database, at a higher level.
    actor, now
        Who makes them, and when.
    progress
        Told after each batch.

    Returns
    -------
    int
        How many were made.

    Raises
    ------
    NotFoundError
        If a parent is neither given nor in the database, or a level is unknown.
    """
    return create_areas_in_parts([list(specs)], actor=actor, now=now, progress=progress)


@transaction.atomic
def create_areas_in_parts(
    parts: Iterable[Sequence[AreaSpec]], *, actor: audit.Actor, now: datetime, progress: Progress | None = None
) -> int:
    """Make areas as ``create_areas`` does, part by part, so that only one part is in memory at a time.

    Parameters
    ----------
    parts
        Each in any order; a parent stands in the same part as its children, in one before, or in the database.
    actor, now
        Who makes them, and when.
    progress
        Told after each batch how many are done, of how many known so far.

    Returns
    -------
    int
        How many were made.

    Raises
    ------
    NotFoundError
        If a parent is neither given so far nor in the database, or a level is unknown.
    """
    lock_territory()
    made = 0
    for part in parts:
        made += write_new_areas(part)
        if progress:
            progress(made, made)
    rebuild_tallies()
    audit.record(
        actor=actor, now=now, verb=Verb.IMPORTED, subject_kind="areas", subject_id="", detail={"created": made}
    )
    return made


def lock_territory() -> None:
    """Let one writer of the tree go at a time: two could give two areas the same path."""
    list(Level.objects.select_for_update().values_list("pk"))


def write_new_areas(specs: Sequence[AreaSpec], *, progress: Progress | None = None) -> int:
    """Write new areas level by level, inside the caller's transaction and lock; tallies are left to the caller."""
    levels = {level.slug: level for level in Level.objects.all()}
    unknown = {spec.level for spec in specs} - levels.keys()
    if unknown:
        raise NotFoundError(f"There is no level {', '.join(sorted(unknown))}.")
    seats = _Seats({spec.parent_code for spec in specs}, {spec.code for spec in specs})
    ordered = sorted(specs, key=lambda spec: levels[spec.level].rank)
    done = 0
    for _, group in groupby(ordered, key=lambda spec: levels[spec.level].rank):
        last_pk = Area.objects.aggregate(last=Max("pk"))["last"] or 0
        for batch in batches(group, _BATCH_ROWS):
            done += insert_rows(Area, _FIELDS, (_new_row(spec, levels[spec.level], seats) for spec in batch))
            if progress:
                progress(done, len(ordered))
        seats.remember_since(last_pk)
    return done


class _Seats:
    """Where children go: the number and path of each parent, and the next free step under it."""

    def __init__(self, parent_codes: set[str], new_codes: set[str]) -> None:
        self._wanted = parent_codes
        self._places: dict[str, tuple[int, str]] = {}
        self._next_step: dict[str, int] = {}
        standing = sorted(parent_codes - new_codes - {""})
        for codes in batches(standing):
            rows = Area.objects.filter(code__in=codes).annotate(last=Max("children__path"))
            for pk, code, path, last in rows.values_list("pk", "code", "path", "last"):
                self._places[code] = (pk, path)
                self._next_step[code] = step_ordinal(last) + 1 if last else 0
        last_root = Area.objects.filter(parent=None).aggregate(last=Max("path"))["last"]
        self._next_step[""] = step_ordinal(last_root) + 1 if last_root else 0

    def take(self, parent_code: str) -> tuple[int | None, str]:
        """Return the parent's number and the path of its next child."""
        parent_id, parent_path = None, ""
        if parent_code:
            if parent_code not in self._places:
                raise NotFoundError(f"There is no area with the code {parent_code}.")
            parent_id, parent_path = self._places[parent_code]
        step = self._next_step.get(parent_code, 0)
        self._next_step[parent_code] = step + 1
        return parent_id, parent_path + encode_step(step)

    def remember_since(self, last_pk: int) -> None:
        """Keep the places of areas made after a number that are parents themselves.

        Whoever writes holds the lock on the tree, so that nobody else's are among them.
        """
        rows = Area.objects.filter(pk__gt=last_pk).values_list("pk", "code", "path")
        places = ((code, (pk, path)) for pk, code, path in rows.iterator(chunk_size=20_000))
        self._places.update((code, place) for code, place in places if code in self._wanted)


def _new_row(spec: AreaSpec, level: Level, seats: _Seats) -> tuple[object, ...]:
    """Return the values of ``_FIELDS``."""
    parent_id, path = seats.take(spec.parent_code)
    return (
        spec.code,
        spec.name,
        level.pk,
        parent_id,
        path,
        spec.kind,
        spec.households,
        spec.is_managed,
        spec.lon,
        spec.lat,
        spell(spec.name),
        spec.is_synthetic,
        spec.is_position_synthetic,
    )


def write_changed_areas(changes: Mapping[str, Mapping[str, object]]) -> None:
    """Write new values of areas, inside the caller's transaction and lock.

    Parameters
    ----------
    changes
        For each code, the fields that change; ``level`` by slug.
    """
    levels = {level.slug: level for level in Level.objects.all()}
    for codes in batches(changes):
        areas = list(Area.objects.filter(code__in=codes))
        fields: set[str] = set()
        for area in areas:
            for name, value in changes[area.code].items():
                setattr(area, name, levels[str(value)] if name == "level" else value)
                fields.add(name)
            area.pinyin = spell(area.name)
        Area.objects.bulk_update(areas, [*fields, "pinyin"])


def move_area(code: str, parent_code: str) -> None:
    """Put an area, and all beneath it, under another parent; inside the caller's transaction and lock."""
    area = Area.objects.get(code=code)
    parent = Area.objects.get(code=parent_code) if parent_code else None
    _, new_path = _Seats({parent_code}, set()).take(parent_code)
    low, high = subtree_range(area.path)
    Area.objects.filter(path__gte=low, path__lt=high).update(
        path=Concat(Value(new_path), Substr("path", len(area.path) + 1))
    )
    Area.objects.filter(pk=area.pk).update(parent=parent)


def write_levels(order: LevelOrder, *, brought: Collection[str]) -> None:
    """Write the ranks that a list settled and the levels that new areas brought; inside the caller's transaction."""
    levels = {level.slug: level for level in Level.objects.all()}
    # Ranks are unique at every moment, so the old ones step aside first.
    for place, level in enumerate(levels.values()):
        if order.ranks.get(level.slug, level.rank) != level.rank:
            Level.objects.filter(pk=level.pk).update(rank=30_000 + place)
    for slug, rank in order.ranks.items():
        if slug in levels:
            Level.objects.filter(pk=levels[slug].pk).update(rank=rank)
        elif slug in brought:
            Level.objects.create(slug=slug, rank=rank, name_zh=slug, name_en=slug)


@transaction.atomic
def set_boundaries(specs: Iterable[BoundarySpec], *, actor: audit.Actor, now: datetime) -> int:
    """Give areas their polygons, in place of those they had.

    Returns
    -------
    int
        How many were set.

    Raises
    ------
    NotFoundError
        If an area is unknown.
    """
    count = 0
    for spec in specs:
        area = Area.objects.filter(code=spec.code).first()
        if area is None:
            raise NotFoundError(f"There is no area with the code {spec.code} to give a boundary to.")
        Boundary.objects.update_or_create(area=area, defaults={"geometry": spec.geometry, "source": spec.source})
        count += 1
    audit.record(
        actor=actor, now=now, verb=Verb.IMPORTED, subject_kind="boundaries", subject_id="", detail={"set": count}
    )
    return count
