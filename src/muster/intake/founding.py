"""Founding: the first areas of an empty installation, whose they are, and taking them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from muster.access.actions import end_role, give_role
from muster.access.kinds import Role
from muster.access.models import Grant, User
from muster.access.queries import FIRST_USE, Actor, may_found
from muster.coverage.importing import import_divisions
from muster.duty.models import Post
from muster.emergencies.models import Emergency
from muster.kernel.audit import record
from muster.kernel.errors import MusterError, NotAllowedError, RuleError
from muster.kernel.kinds import Verb
from muster.kernel.tables import ImportReport, Table, read_table
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.actions import Progress, lock_territory
from muster.territory.cells import COLUMNS
from muster.territory.importing import REQUIRED
from muster.territory.models import Area
from muster.territory.queries import list_levels, list_roots


def read_divisions(path: Path, file_name: str) -> Table:
    """Read a list of divisions from a file that somebody knows by another name.

    Raises
    ------
    MusterError
        If it cannot be read, or has no head with the columns that are needed.
    """
    try:
        return replace(read_table(path, COLUMNS, REQUIRED), source=file_name)
    except MusterError as error:
        raise MusterError(error.what, where=file_name, remedy=error.remedy) from error


def check_founding(source: Path | Table, *, actor: Actor, now: datetime) -> ImportReport:
    """Check a list of divisions as the first of an installation, and write nothing.

    Raises
    ------
    NotAllowedError
        If the actor may not found.
    MusterError
        If the file as a whole cannot be understood.
    """
    _require_founder(actor)
    return import_divisions(source, actor=actor, now=now, dry_run=True)


def found_city(source: Path | Table, *, actor: Actor, now: datetime, progress: Progress | None = None) -> ImportReport:
    """Bring the first areas of an installation, and make whoever brings them the duty officer of all.

    Parameters
    ----------
    source
        A list of divisions, taken whole or not at all.
    actor, now
        Who founds: the only account that there is; and when.
    progress
        Told after each batch of rows.

    Raises
    ------
    NotAllowedError
        If the actor may not found: there are areas already, or other accounts.
    RuleError
        If a row cannot be taken.
    MusterError
        If the file as a whole cannot be understood.
    """
    with transaction.atomic():
        # Whoever founds at the same moment in another window waits here, and is refused.
        lock_territory()
        founder = _require_founder(actor)
        report = import_divisions(source, actor=actor, now=now, progress=progress)
        if report.rejections:
            raise RuleError(f"{report.rejected} rows cannot be taken.", remedy="Mend them, and bring the file again.")
        for root in list_roots():
            give_role(actor=FIRST_USE, now=now, user=founder, role=Role.DUTY_OFFICER, area=root)
    return report


def may_leave_city(actor: Actor) -> bool:
    """Tell whether an actor may take the first areas back: as the only account, while nothing builds on them."""
    if not isinstance(actor, User) or User.objects.exclude(pk=actor.pk).exists():
        return False
    places = Area.objects.filter(level__needs_warden=True)
    rows = (places, Person.objects, Organization.objects, Post.objects, Emergency.objects)
    return Area.objects.exists() and not any(each.exists() for each in rows)


def leave_city(*, actor: Actor, now: datetime) -> int:
    """Take the first areas back, so that another city can be chosen; return how many there were.

    Raises
    ------
    RuleError
        If something builds on them already, or somebody else has an account.
    """
    with transaction.atomic():
        lock_territory()
        if not may_leave_city(actor):
            raise RuleError("Other rows build on these areas already.", remedy="Go on with this city.")
        for grant in Grant.objects.filter(until_at=None):
            end_role(actor=FIRST_USE, now=now, grant=grant)
        count = Area.objects.count()
        for level in reversed(list_levels()):
            Area.objects.filter(level=level).delete()
        detail = {"deleted": count}
        record(actor=actor, now=now, verb=Verb.IMPORT_UNDONE, subject_kind="areas", subject_id="", detail=detail)
    return count


def _require_founder(actor: Actor) -> User:
    if not isinstance(actor, User) or not may_found(actor):
        raise NotAllowedError(
            "The first areas are here already, or are for somebody else to bring.", remedy="Import lists on the desk."
        )
    return actor
