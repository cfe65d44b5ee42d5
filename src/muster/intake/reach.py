"""How far an import may reach: an account writes only where it has the right to import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from muster.access.kinds import Right
from muster.access.queries import Actor, filter_organizations, filter_people, list_scopes
from muster.duty.models import Post
from muster.intake.drafts import Draft, name_codes
from muster.intake.kinds import ListKind
from muster.kernel.batches import batches
from muster.kernel.cells import CellError
from muster.kernel.trail import RowChange
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.cells import read_level
from muster.territory.models import Area, Level
from muster.territory.queries import beneath_any_filter, list_roots

_OF_AREAS = frozenset({ListKind.DIVISIONS, ListKind.PLACES})
_OF_PEOPLE = frozenset({ListKind.PEOPLE, ListKind.WARDENS})
_PLACES = {
    ListKind.DIVISIONS: ("code", "parent_code"),
    ListKind.PLACES: ("code", "parent_code"),
    ListKind.PEOPLE: ("home", "work"),
    ListKind.ORGANIZATIONS: ("seat", "alliance"),
    ListKind.POSTS: ("area", "pool"),
    ListKind.WARDENS: ("home", "work", "answers_for"),
}


def find_out_of_reach(actor: Actor, kind: str, draft: Draft) -> dict[int, str]:
    """Find the rows of a draft that write where the actor may not; with the column that says so.

    Returns
    -------
    dict of int to str
        By place in the draft. Somebody new without any place is in nobody's reach but of those who reach everything.
    """
    scopes = list_scopes(actor, Right.IMPORT)
    if _is_everything(scopes):
        return {}
    columns = _PLACES[ListKind(kind)]
    said = {code for column in columns for code in draft.list_codes(column)}
    foreign = _find_foreign(said, Area, lambda codes: Area.objects.filter(beneath_any_filter(scopes), code__in=codes))
    foreign_rows = _find_foreign_rows(actor, kind, [cells.get("code", "") for cells in draft.rows], scopes)
    known = _list_known_people(draft.list_codes("code")) if kind in _OF_PEOPLE else set()
    levels = set(Level.objects.values_list("slug", flat=True))
    found: dict[int, str] = {}
    for index, cells in enumerate(draft.rows):
        abroad = [column for column in columns if foreign & name_codes(cells.get(column, ""))]
        if abroad:
            found[index] = abroad[0]
        elif cells.get("code") in foreign_rows or (_is_nowhere(kind, cells) and cells.get("code") not in known):
            found[index] = "code"
        elif kind in _OF_AREAS and _find_level(cells.get("level", "")) not in levels | {None}:
            # Levels are those of the whole tree, also where only a part of it is somebody's own.
            found[index] = "level"
    return found


def is_out_of_reach(actor: Actor, changes: Sequence[RowChange]) -> bool:
    """Tell whether some of the rows that were changed, by whoever reaches farther, are not the actor's to write."""
    scopes = list_scopes(actor, Right.IMPORT)
    if _is_everything(scopes):
        return False
    own: list[QuerySet[Any]] = [
        Area.objects.filter(beneath_any_filter(scopes)),
        filter_people(actor, Person.objects.all(), Right.IMPORT),
        filter_organizations(actor, Organization.objects.all(), Right.IMPORT),
        Post.objects.filter(beneath_any_filter(scopes, "area__path")),
    ]
    for rows in own:
        numbers = [each.pk for each in changes if each.label == rows.model._meta.label and each.after is not None]
        if any(rows.filter(pk__in=some).count() < len(some) for some in batches(numbers)):
            return True
    return False


def _is_everything(scopes: Iterable[Area]) -> bool:
    return {area.pk for area in scopes} >= {area.pk for area in list_roots()}


def _find_level(text: str) -> str | None:
    """Find the level that a cell names; None where it names none, which is told where the cell is read."""
    try:
        return read_level(text)
    except CellError:
        return None


def _list_known_people(codes: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for some in batches(sorted(codes)):
        known.update(Person.objects.filter(code__in=some).values_list("code", flat=True))
    return known


def _is_nowhere(kind: str, cells: dict[str, str]) -> bool:
    if kind in _OF_PEOPLE:
        return not any(cells.get(column) for column in _PLACES[ListKind(kind)])
    return kind in _OF_AREAS and not cells.get("parent_code")


def _find_foreign_rows(actor: Actor, kind: str, codes: Iterable[str], scopes: list[Area]) -> set[str]:
    """Return the codes of rows that stand already and are not the actor's to write."""
    if kind in _OF_PEOPLE:
        return _find_foreign(
            codes, Person, lambda some: filter_people(actor, Person.objects.filter(code__in=some), Right.IMPORT)
        )
    if kind == ListKind.ORGANIZATIONS:
        return _find_foreign(
            codes,
            Organization,
            lambda some: filter_organizations(actor, Organization.objects.filter(code__in=some), Right.IMPORT),
        )
    if kind == ListKind.POSTS:
        return _find_foreign(
            codes, Post, lambda some: Post.objects.filter(beneath_any_filter(scopes, "area__path"), code__in=some)
        )
    return set()


def _find_foreign(
    codes: Iterable[str], model: type[Area | Person | Organization | Post], own: Callable[..., object]
) -> set[str]:
    """Return the codes that exist, but not among the actor's own rows."""
    foreign: set[str] = set()
    for some in batches(sorted(set(codes) - {""})):
        foreign.update(model._default_manager.filter(code__in=some).values_list("code", flat=True))
        foreign.difference_update(own(some).values_list("code", flat=True))  # type: ignore[attr-defined]  # a query set
    return foreign
