"""The trail of a great change: which rows it made and altered, and how to put every one of them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models

from muster.kernel.batches import QUERY_CODES, batches

_MOST_EXAMPLES = 5
Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Watched:
    """Rows to watch while a change is made.

    Parameters
    ----------
    model
        Whose rows.
    lookup
        The field, perhaps of a related row, by which they are found from codes.
    column
        The column of the list that names those codes.
    ignored
        Fields that follow from others, and are put back by whoever keeps them.
    """

    model: type[models.Model]
    lookup: str
    column: str = "code"
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row; ``before`` is None when it is new, ``after`` when it is gone.

    Parameters
    ----------
    label
        Its model, such as ``people.Person``.
    pk
        Its number.
    before, after
        Plain values by field: all of them of a row that is new or gone, else those that differ.
    """

    label: str
    pk: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def as_list(self) -> list[Any]:
        """Return the change as plain values, to be kept."""
        return [self.label, self.pk, self.before, self.after]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why rows cannot be put back: something was built on them, or they were changed again.

    Parameters
    ----------
    label
        Model of what stands in the way.
    count
        How many rows.
    examples
        Some of them by name.
    is_changed
        Whether they are the rows themselves, changed since.
    """

    label: str
    count: int
    examples: tuple[str, ...] = field(default=())
    is_changed: bool = False


def read_rows(watched: Watched, keys: Collection[str]) -> Rows:
    """Read the rows that some codes lead to, as plain values by field."""
    names = [one.attname for one in list_fields(watched.model) if one.attname not in watched.ignored]
    rows: Rows = {}
    for some in batches(sorted(keys)):
        found = watched.model._default_manager.filter(**{f"{watched.lookup}__in": some})
        for values in found.values("pk", *names).iterator():
            rows[values["pk"]] = {name: as_plain(values[name]) for name in names}
    return rows


def compare(model: type[models.Model], before: Rows, after: Rows) -> list[RowChange]:
    """List what happened to the rows of a model between two readings."""
    label = model._meta.label
    changes = [RowChange(label, pk, values, None) for pk, values in before.items() if pk not in after]
    for pk, values in after.items():
        was = before.get(pk)
        if was is None:
            changes.append(RowChange(label, pk, None, values))
        elif was != values:
            names = [name for name in values if values[name] != was[name]]
            changes.append(
                RowChange(label, pk, {name: was[name] for name in names}, {name: values[name] for name in names})
            )
    return changes


def find_obstacles(changes: Sequence[RowChange], *, derived: Collection[str]) -> list[Obstacle]:
    """Find what keeps changes from being put back.

    Parameters
    ----------
    changes
        What was done.
    derived
        Models whose rows follow from others and are made anew; they stand in nobody's way.

    Returns
    -------
    list of Obstacle
        Rows of others that refer to rows that are new, and rows that were changed again; empty when none does.
    """
    new: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.before is None:
            new[change.label].add(change.pk)
    obstacles = [found for label, numbers in new.items() for found in _find_built(label, numbers, new, derived)]
    return obstacles + _find_changed_again(changes)


def put_back(changes: Sequence[RowChange]) -> None:
    """Put every row back as it was, inside the caller's transaction; obstacles are the caller's to look for."""
    new: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        if change.before is None:
            new[change.label].append(change.pk)
        elif change.after is not None:
            _write(apps.get_model(change.label), change.pk, change.before, is_gone=False)
    # What was made last leans on what was made first.
    for label in reversed(new):
        _delete(apps.get_model(label), new[label])
    for change in changes:
        if change.after is None and change.before is not None:
            _write(apps.get_model(change.label), change.pk, change.before, is_gone=True)


def list_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """List the fields of a model that make up a row beside its number."""
    return [one for one in model._meta.concrete_fields if not one.primary_key and not one.generated]


def as_plain(value: object) -> object:
    """Return a value as it can be kept in plain text: days and moments in ISO 8601."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _find_built(
    label: str, numbers: set[int], new: Mapping[str, set[int]], derived: Collection[str]
) -> Iterable[Obstacle]:
    # Rows that refer without a name for the way back are hidden, and would go along unseen.
    for relation in apps.get_model(label)._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.related_model._meta.label in derived:
            continue
        model = relation.related_model
        own = new.get(model._meta.label, set())
        found: list[models.Model] = []
        count = 0
        for some in batches(sorted(numbers)):
            for row in model._default_manager.filter(**{f"{relation.field.name}__in": some}):
                if row.pk not in own:
                    count += 1
                    if count <= _MOST_EXAMPLES:
                        found.append(row)
        if count:
            yield Obstacle(model._meta.label, count, _name_rows(found))


def _find_changed_again(changes: Sequence[RowChange]) -> list[Obstacle]:
    by_label: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for change in changes:
        if change.after is not None:
            by_label[change.label][change.pk] = change.after
    obstacles = []
    for label, expected in by_label.items():
        again = [pk for some in batches(expected, QUERY_CODES) for pk in _list_changed(label, some, expected)]
        if again:
            shown = apps.get_model(label)._default_manager.filter(pk__in=again[:_MOST_EXAMPLES])
            obstacles.append(Obstacle(label, len(again), _name_rows(shown), is_changed=True))
    return obstacles


def _name_rows(rows: Iterable[models.Model]) -> tuple[str, ...]:
    """Return the names of rows; of a kind that has no names, none."""
    return tuple(str(row) for row in rows if type(row).__str__ is not models.Model.__str__)


def _list_changed(label: str, numbers: Sequence[int], expected: Mapping[int, Mapping[str, Any]]) -> Iterable[int]:
    rows = apps.get_model(label)._default_manager.filter(pk__in=numbers)
    names = {name for pk in numbers for name in expected[pk]}
    standing = {values.pop("pk"): values for values in rows.values("pk", *names)}
    for pk in numbers:
        values = standing.get(pk)
        if values is None or any(as_plain(values[name]) != value for name, value in expected[pk].items()):
            yield pk


def _delete(model: type[models.Model], numbers: Sequence[int]) -> None:
    """Delete rows; where they refer to each other, those that nobody refers to first."""
    inner = [one for one in list_fields(model) if one.is_relation and one.related_model is model]
    left = set(numbers)
    while left and inner:
        leaned_on: set[int] = set()
        for some in batches(sorted(left)):
            for one in inner:
                rows = model._default_manager.filter(pk__in=some).exclude(**{one.name: None})
                leaned_on.update(rows.values_list(one.attname, flat=True))
        free = left - leaned_on
        _delete_plainly(model, free or left)
        left = left - free if free else set()
    _delete_plainly(model, left)


def _delete_plainly(model: type[models.Model], numbers: Collection[int]) -> None:
    for some in batches(sorted(numbers)):
        model._default_manager.filter(pk__in=some).delete()


def _write(model: type[models.Model], pk: int, values: Mapping[str, Any], *, is_gone: bool) -> None:
    fields = {one.attname: one for one in list_fields(model)}
    read = {name: _as_value(fields[name], value) for name, value in values.items()}
    if is_gone:
        model._default_manager.create(pk=pk, **read)
    else:
        model._default_manager.filter(pk=pk).update(**read)


def _as_value(one: models.Field[Any, Any], value: Any) -> Any:
    return value if isinstance(one, models.ForeignKey) else one.to_python(value)
