"""What askers told of themselves: shown to whoever carries their need, by name, and forgotten at the sunset."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from muster.access.kinds import Right
from muster.access.queries import Actor, SystemActor, may, refuse
from muster.emergencies.models import Emergency
from muster.kernel.audit import record
from muster.kernel.clock import CITY_ZONE
from muster.kernel.errors import MusterError, NotAllowedError
from muster.kernel.kinds import Verb
from muster.needs.models import Asker, Need, NeedPicture, OfficePhone
from muster.needs.queries.askers import may_see_contact
from muster.needs.rules.asking import is_phone
from muster.territory.models import Area

KEPT_AFTER_END = timedelta(days=30)
"""How long it is kept after an emergency that states no sunset."""


def show_contact(*, actor: Actor, now: datetime, need: Need) -> str:
    """Show how the asker of a need is reached, to whoever carries it; who looked is written down.

    Returns
    -------
    str
        As they wrote it; empty where they said nothing.

    Raises
    ------
    NotAllowedError
        If the need is in other hands, or in nobody's yet.
    """
    if not may_see_contact(actor, need):
        raise NotAllowedError("Only who carries a request sees how its asker is reached.", remedy="Take it up first.")
    asker = Asker.objects.filter(need=need).first()
    if asker is None or not asker.contact:
        return ""
    record(actor=actor, now=now, verb=Verb.PHONE_SHOWN, subject_kind="need", subject_id=need.code)
    return str(asker.contact)


def forget_askers(*, now: datetime) -> int:
    """Delete what askers told of themselves, and their pictures, where the sunset of their emergency has come.

    Idempotent, and safe with several workers: what is gone is not there to be deleted again.

    Returns
    -------
    int
        Of how many askers.
    """
    today = now.astimezone(CITY_ZONE).date()
    is_set = Q(sunset_on__lte=today) | Q(sunset_on=None, ends_at__lte=now - KEPT_AFTER_END)
    ended = Emergency.objects.filter(is_set, ends_at__isnull=False)
    return sum(_forget(emergency, now) for emergency in ended if _has_any(emergency))


def _has_any(emergency: Emergency) -> bool:
    return Asker.objects.filter(need__emergency=emergency).exists()


def _forget(emergency: Emergency, now: datetime) -> int:
    with transaction.atomic():
        NeedPicture.objects.filter(need__emergency=emergency).delete()
        count, _by_model = Asker.objects.filter(need__emergency=emergency).delete()
        if count:
            record(
                actor=SystemActor("sunset"),
                now=now,
                verb=Verb.FORGOTTEN,
                subject_kind="emergency",
                subject_id=emergency.code,
                detail={"askers": count},
            )
    return count


def set_office_phone(*, actor: Actor, now: datetime, area: Area, phone: str) -> None:
    """Set the public number of an area's office, which its doors name; an empty one takes it away.

    Raises
    ------
    NotAllowedError
        If the actor may not appoint there.
    MusterError
        If it is no telephone number.
    """
    if not may(actor, Right.APPOINT, area):
        raise refuse(Right.APPOINT, where=area.code)
    number = " ".join(phone.split())
    if number and not is_phone(number):
        raise MusterError("This is no telephone number.", remedy="Give digits, with spaces or hyphens between.")
    with transaction.atomic():
        if number:
            OfficePhone.objects.update_or_create(area=area, defaults={"phone": number, "set_at": now})
        else:
            OfficePhone.objects.filter(area=area).delete()
        record(
            actor=actor,
            now=now,
            verb=Verb.CONTACT_SET,
            subject_kind="area",
            subject_id=area.code,
            detail={"channel": "office phone", "is_set": bool(number)},
        )
