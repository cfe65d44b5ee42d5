"""Activating and ending an emergency, and calling organizations up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from muster.emergencies.followers import list_followers
from muster.emergencies.models import Emergency, Footing, WardenRule
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.organizations.models import Organization
from muster.territory.models import Area, Level

GRAVEST_LEVEL, MILDEST_LEVEL = 1, 4


def activate(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name_zh: str,
    name_en: str,
    response_level: int,
    area: Area,
    is_exercise: bool = False,
    levels: Collection[str] | None = None,
    deputy_levels: Collection[str] | None = None,
    sunset_on: date | None = None,
) -> Emergency:
    """Activate an emergency on an area and all beneath it, with a gap for every area that needs a warden.

    Parameters
    ----------
    actor, now
        Who activates, and when; every gap is as old as ``now``.
    code, name_zh, name_en
        Slug that no other emergency has, and what people call it.
    response_level
        1 (gravest) to 4.
    area, is_exercise
        Where it holds, and whether it is only an exercise.
    levels
        Slugs of the levels whose areas need a warden; by default those that say so themselves.
    deputy_levels
        Of these, the levels that need a deputy too; by default all of them.
    sunset_on
        Day on which what is collected for it is deleted.

    Raises
    ------
    RuleError
        If the code is taken, the response level does not exist, or a level is not known.
    """
    if not GRAVEST_LEVEL <= response_level <= MILDEST_LEVEL:
        raise RuleError(
            f"There is no response level {response_level}.",
            remedy=f"Give one from {GRAVEST_LEVEL} (gravest) to {MILDEST_LEVEL}.",
        )
    ruled = _levels(levels)
    emergency = Emergency(
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        response_level=response_level,
        area=area,
        starts_at=now,
        is_exercise=is_exercise,
        sunset_on=sunset_on,
    )
    with transaction.atomic():
        _begin(emergency, now, {level: deputy_levels is None or level.slug in deputy_levels for level in ruled})
        _record(actor, now, Verb.EMERGENCY_ACTIVATED, emergency, {"area": area.code, "response_level": response_level})
    return emergency


def _begin(emergency: Emergency, now: datetime, needs_deputy: dict[Level, bool]) -> None:
    _create(emergency)
    WardenRule.objects.bulk_create(
        WardenRule(emergency=emergency, level=level, needs_deputy=needs) for level, needs in needs_deputy.items()
    )
    for follower in list_followers():
        follower.begin(emergency, now)


def _levels(slugs: Collection[str] | None) -> list[Level]:
    if slugs is None:
        return list(Level.objects.filter(needs_warden=True))
    levels = list(Level.objects.filter(slug__in=slugs))
    unknown = sorted(set(slugs) - {level.slug for level in levels})
    if unknown:
        raise RuleError(f"No level is called {', '.join(unknown)}.", remedy="Give levels that the territory has.")
    return levels


def _create(emergency: Emergency) -> None:
    try:
        with transaction.atomic():
            emergency.save(force_insert=True)
    except IntegrityError as error:
        raise RuleError(
            f"There is already an emergency with the code {emergency.code}.", remedy="Give another code."
        ) from error


def _record(actor: Actor, now: datetime, verb: Verb, emergency: Emergency, detail: dict[str, object]) -> None:
    record(actor=actor, now=now, verb=verb, subject_kind="emergency", subject_id=emergency.code, detail=detail)


def lock_active(emergency: Emergency) -> Emergency:
    """Lock an emergency's row until the transaction ends, so that acts on its coverage come one by one.

    Publishing a plan compares all rows with those it was planned from; an appointment made in between
    would pass unseen.

    Raises
    ------
    RuleError
        If it has ended.
    """
    locked = Emergency.objects.select_for_update().get(pk=emergency.pk)
    if locked.ends_at is not None:
        raise RuleError(f"The emergency {locked.name_en} ({locked.name_zh}) has ended.", where=locked.code)
    return locked


def end(*, actor: Actor, now: datetime, emergency: Emergency) -> Emergency:
    """End an emergency: its footings, and whatever the rooms above hold open for it.

    Raises
    ------
    RuleError
        If it has ended already.
    """
    with transaction.atomic():
        locked = lock_active(emergency)
        for follower in list_followers():
            follower.end(locked, now)
        Footing.objects.filter(emergency=locked, ends_at=None).update(ends_at=now)
        locked.ends_at = now
        locked.save(update_fields=["ends_at"])
        _record(actor, now, Verb.EMERGENCY_ENDED, locked, {})
    return locked


def call_up_organization(*, actor: Actor, now: datetime, emergency: Emergency, organization: Organization) -> Footing:
    """Put an organization on the emergency's footing; one that stands on it already is left as it is.

    Raises
    ------
    RuleError
        If the emergency has ended.
    """
    with transaction.atomic():
        locked = lock_active(emergency)
        footing, is_new = Footing.objects.get_or_create(
            emergency=locked, organization=organization, ends_at=None, defaults={"starts_at": now}
        )
        if is_new:
            record(
                actor=actor,
                now=now,
                verb=Verb.EMERGENCY_ACTIVATED,
                subject_kind="organization",
                subject_id=organization.code,
                detail={"emergency": locked.code},
            )
    return footing
