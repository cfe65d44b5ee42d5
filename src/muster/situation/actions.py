"""What the desk keeps of its own: figures by day, until when somebody has seen what changed, filters with a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from muster.access.models import User
from muster.access.queries import Actor
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import NotFoundError, RuleError
from muster.situation.models import DayFigure, Look, SavedFilter
from muster.territory.models import Area


def keep_figures(*, now: datetime, emergency: Emergency, area: Area, values: Mapping[str, float]) -> None:
    """Keep what an area's measures are today, in place of what was taken earlier on the day.

    Parameters
    ----------
    now
        When they were taken.
    emergency, area
        Where.
    values
        By name of the measure.
    """
    today = now.astimezone(CITY_ZONE).date()
    DayFigure.objects.bulk_create(
        _figures(emergency, area, now, ((name, today, value) for name, value in values.items())),
        update_conflicts=True,
        unique_fields=("emergency", "area", "measure", "on_day"),
        update_fields=("value", "taken_at"),
    )


def keep_past_figures(
    *, now: datetime, emergency: Emergency, area: Area, values: Mapping[str, Mapping[date, float]]
) -> None:
    """Keep what measures were on days that are over; what was taken on a day itself stands.

    Parameters
    ----------
    now
        When the past was read from dated rows.
    emergency, area
        Where.
    values
        By name of the measure, then by local day.
    """
    rows = ((name, day, value) for name, days in values.items() for day, value in days.items())
    DayFigure.objects.bulk_create(_figures(emergency, area, now, rows), ignore_conflicts=True)


def _figures(
    emergency: Emergency, area: Area, now: datetime, rows: Iterable[tuple[str, date, float]]
) -> list[DayFigure]:
    return [
        DayFigure(emergency=emergency, area=area, measure=name, on_day=day, value=value, taken_at=now)
        for name, day, value in rows
    ]


def mark_seen(*, actor: Actor, seen_until: datetime) -> None:
    """Mark that an account has seen what changed up to a moment; an earlier moment than is marked changes nothing."""
    if actor.audit_id is None:
        return
    look, is_new = Look.objects.get_or_create(user_id=actor.audit_id, defaults={"seen_until": seen_until})
    if not is_new:
        Look.objects.filter(pk=look.pk, seen_until__lt=seen_until).update(seen_until=seen_until)


MOST_SAVED = 40
"""So many filters an account gives a name for one list; more are no shortcut."""
MOST_NAME_CHARS = 40
_MOST_QUERY_CHARS = 600


def save_filter(*, actor: Actor, list_name: str, name: str, query: str) -> SavedFilter:
    """Give the filter of a list a name, for one account; another filter of that name gives way.

    Raises
    ------
    RuleError
        If nobody is signed in, the name is empty or too long, the filter is too long, or there are too many.
    """
    if not isinstance(actor, User):
        raise RuleError("Only an account keeps filters.", remedy="Sign in first.")
    said = _check_name(name)
    if len(query) > _MOST_QUERY_CHARS:
        raise RuleError("This filter is too long to be kept.", remedy="Search for less.")
    with transaction.atomic():
        # The account's own row, so that two windows cannot both give it the last filter there is room for.
        User.objects.select_for_update().get(pk=actor.pk)
        own = SavedFilter.objects.filter(user=actor, list_name=list_name)
        if own.exclude(name=said).count() >= MOST_SAVED:
            raise RuleError(f"You have {MOST_SAVED} filters here already.", remedy="Delete one that you no longer use.")
        saved, _ = SavedFilter.objects.update_or_create(
            user=actor, list_name=list_name, name=said, defaults={"query": query}
        )
    return saved


def rename_filter(*, actor: Actor, number: int, name: str) -> SavedFilter:
    """Give a saved filter of one's own another name.

    Raises
    ------
    NotFoundError
        If the account has no such filter.
    RuleError
        If the name is empty, too long, or that of another filter.
    """
    said = _check_name(name)
    try:
        with transaction.atomic():
            renamed = _list_own(actor).filter(pk=number).update(name=said)
    except IntegrityError as error:
        raise RuleError(f"You have a filter {said} already.", remedy="Choose another name.") from error
    if not renamed:
        raise NotFoundError("There is no such filter.", remedy="Look at the list again.")
    return SavedFilter.objects.get(pk=number)


def drop_filter(*, actor: Actor, number: int) -> SavedFilter:
    """Delete a saved filter of one's own, and return what it was.

    Raises
    ------
    NotFoundError
        If the account has no such filter.
    """
    saved = _list_own(actor).filter(pk=number).first()
    if saved is None:
        raise NotFoundError("There is no such filter.", remedy="Look at the list again.")
    saved.delete()
    return saved


def _list_own(actor: Actor) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.filter(user=actor) if isinstance(actor, User) else SavedFilter.objects.none()


def _check_name(name: str) -> str:
    said = " ".join(name.split())
    if not said:
        raise RuleError("A filter needs a name.", remedy="Write a few words that you will know it by.")
    if len(said) > MOST_NAME_CHARS:
        raise RuleError(f"A name has at most {MOST_NAME_CHARS} characters.", remedy="Write a shorter one.")
    return said
