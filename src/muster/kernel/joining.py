"""Making two rows one: whatever refers to one of them refers to the other afterwards, and every change is told.

What refers to a row is found from the models themselves, so that a room that is built tomorrow is not forgotten. The
changes are those of ``kernel.trail``, which puts every row back as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from muster.kernel.trail import RowChange, as_plain, list_fields


@dataclass(frozen=True, slots=True)
class Collision:
    """Two rows that would stand in one place once what they refer to is one.

    Parameters
    ----------
    constraint
        Name of the constraint that allows only one of them.
    kept, other
        The row that refers to the record that stays, and that of the other.
    """

    constraint: str
    kept: models.Model
    other: models.Model


def find_collisions(kept: models.Model, other: models.Model) -> list[Collision]:
    """Find the rows that refer to two records and cannot both refer to one."""
    return [found for field in _list_references(type(kept)) for found in _find_on(field, kept, other)]


def join_rows(
    kept: models.Model, other: models.Model, *, values: Mapping[str, Any], absorbed: Mapping[str, str]
) -> list[RowChange]:
    """Make two rows one inside the caller's transaction: references move over, the other goes.

    Parameters
    ----------
    kept, other
        The row that stays, and the one that goes into it, both as they stand in the database.
    values
        New values of fields of the row that stays, by the name of the column's attribute.
    absorbed
        Models, by label, whose rows may go where they collide, and the field that then keeps the earlier of the two
        moments or days; collisions of other models are the caller's to refuse before.

    Returns
    -------
    list of RowChange
        Everything that was changed, in an order in which ``trail.put_back`` undoes it.

    Raises
    ------
    IntegrityError
        If rows collide that are not absorbed.
    """
    changes = list(_absorb(kept, other, absorbed))
    for field in _list_references(type(kept)):
        changes += _move(field, kept, other)
    gone = {each.attname: as_plain(getattr(other, each.attname)) for each in list_fields(type(other))}
    changes.append(RowChange(other._meta.label, other.pk, gone, None))
    type(other)._default_manager.filter(pk=other.pk).delete()
    return changes + _change(kept, values)


def _list_references(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """List the fields of all models that refer to rows of one."""
    relations = model._meta.get_fields(include_hidden=True)
    return [each.field for each in relations if isinstance(each, models.ManyToOneRel)]


def _find_on(field: models.Field[Any, Any], kept: models.Model, other: models.Model) -> Iterator[Collision]:
    model = field.model
    if field.unique:
        yield from _find_pairs(model, field, (), Q(), kept, other)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
            rest = tuple(name for name in constraint.fields if name != field.name)
            yield from _find_pairs(model, field, rest, constraint.condition or Q(), kept, other, constraint.name)


def _find_pairs(
    model: type[models.Model],
    field: models.Field[Any, Any],
    rest: tuple[str, ...],
    condition: Q,
    kept: models.Model,
    other: models.Model,
    name: str = "",
) -> Iterator[Collision]:
    attributes = [model._meta.get_field(each).attname for each in rest]  # type: ignore[union-attr]  # columns all
    rows = model._default_manager.filter(condition)
    standing = {
        tuple(getattr(row, each) for each in attributes): row for row in rows.filter(**{field.name: kept}).iterator()
    }
    if standing:
        for row in rows.filter(**{field.name: other}).iterator():
            key = tuple(getattr(row, each) for each in attributes)
            if key in standing:
                yield Collision(name or f"one_{field.name}", standing[key], row)


def _absorb(kept: models.Model, other: models.Model, absorbed: Mapping[str, str]) -> Iterator[RowChange]:
    """Let rows go that say the same of both records; the earlier beginning is kept."""
    for found in find_collisions(kept, other):
        model = type(found.other)
        name = absorbed.get(model._meta.label)
        if name is None:
            continue
        gone = {each.attname: as_plain(getattr(found.other, each.attname)) for each in list_fields(model)}
        yield RowChange(model._meta.label, found.other.pk, gone, None)
        model._default_manager.filter(pk=found.other.pk).delete()
        earlier = min(getattr(found.kept, name), getattr(found.other, name))
        yield from _change(found.kept, {name: earlier})


def _move(field: models.Field[Any, Any], kept: models.Model, other: models.Model) -> list[RowChange]:
    model, name = field.model, field.attname
    rows = model._default_manager.filter(**{field.name: other})
    numbers: Collection[int] = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(**{name: kept.pk})
    return [RowChange(model._meta.label, pk, {name: other.pk}, {name: kept.pk}) for pk in numbers]


def _change(row: models.Model, values: Mapping[str, Any]) -> list[RowChange]:
    before = {name: as_plain(getattr(row, name)) for name, value in values.items() if getattr(row, name) != value}
    if not before:
        return []
    changed = {name: values[name] for name in before}
    type(row)._default_manager.filter(pk=row.pk).update(**changed)
    for name, value in changed.items():
        setattr(row, name, value)
    return [RowChange(row._meta.label, row.pk, before, {name: as_plain(value) for name, value in changed.items()})]
