"""How a database tells what it holds: nothing, a finished scenario, or a city's own data."""

from __future__ import annotations

from typing import NamedTuple

from django.apps import apps
from django.db import connection

from muster.access.models import User
from muster.kernel.audit import Actor, record
from muster.kernel.kinds import Verb
from muster.kernel.models import AuditEntry
from muster.people.models import Person
from muster.scenarios.shape import Shape
from muster.territory.models import Area

SCENARIO_VERSION = 5
"""Counts up when the same seed gives another city, so that an old one is built again."""

_SUBJECT = "scenario"


class ScenarioMark(NamedTuple):
    """Which scenario a database was built from."""

    code: str
    seed: int
    version: int


def find_mark() -> ScenarioMark | None:
    """Find the mark of the finished scenario that this database holds, or None."""
    if not _has_table(AuditEntry._meta.db_table):
        return None
    entry = AuditEntry.objects.filter(subject_kind=_SUBJECT).order_by("-pk").first()
    if entry is None:
        return None
    return ScenarioMark(entry.subject_id, int(entry.detail["seed"]), int(entry.detail["version"]))


def has_own_data() -> bool:
    """Tell whether this database holds a city's own data: rows, and no mark of a scenario."""
    if find_mark() is not None:
        return False
    return any(_has_table(model._meta.db_table) and model.objects.exists() for model in (Area, Person, User))


def write_mark(*, shape: Shape, seed: int, actor: Actor) -> None:
    """Mark the database as a finished scenario: the last act of building one."""
    record(
        actor=actor,
        now=shape.exercise_at,
        verb=Verb.IMPORTED,
        subject_kind=_SUBJECT,
        subject_id=shape.code,
        detail={"seed": seed, "version": SCENARIO_VERSION},
    )


def has_every_column() -> bool:
    """Tell whether the tables have every column that this version of Muster reads.

    A demonstration of an earlier version may lack some; it is built again rather than mended.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            meta = model._meta
            if not model.__module__.startswith("muster."):
                continue
            if meta.db_table not in tables:
                return False
            columns = {column.name for column in connection.introspection.get_table_description(cursor, meta.db_table)}
            if not {field.column for field in meta.concrete_fields} <= columns:
                return False
    return True


def _has_table(name: str) -> bool:
    with connection.cursor() as cursor:
        return name in connection.introspection.table_names(cursor)
