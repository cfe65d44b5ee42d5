"""What an organization offers: how many people it can send at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from muster.coverage.models import Pairing
from muster.emergencies.actions import lock_active
from muster.emergencies.queries import list_active
from muster.kernel.audit import Actor, record
from muster.kernel.errors import RuleError
from muster.kernel.kinds import Verb
from muster.organizations.models import Organization

MOST_OFFERED = 100_000


def change_offer(*, actor: Actor, now: datetime, organization: Organization, people: int) -> bool:
    """Change how many people an organization can send at a time; tell whether that differs from before.

    Parameters
    ----------
    actor, now
        Who changes it, and when.
    organization
        Whose offer it is.
    people
        From 0 to ``MOST_OFFERED``.

    Raises
    ------
    RuleError
        If the number is out of bounds, or less than the organization sends already in an emergency.
    """
    if not 0 <= people <= MOST_OFFERED:
        raise RuleError(f"An organization offers from 0 to {MOST_OFFERED} people.", remedy="Correct the number.")
    with transaction.atomic():
        # Pairing asks what is left under the same locks, so that no pairing slips in between.
        emergencies = [lock_active(emergency) for emergency in list_active().order_by("pk")]
        for emergency in emergencies:
            standing = Pairing.objects.filter(emergency=emergency, organization=organization, ends_at=None)
            sent = standing.aggregate(sent=Sum("people"))["sent"] or 0
            if people < sent:
                raise RuleError(
                    f"{organization} sends {sent} people already.",
                    remedy="Recall a pairing, or send fewer people there.",
                )
        before = (
            Organization.objects.select_for_update().values_list("people_offered", flat=True).get(pk=organization.pk)
        )
        if before == people:
            return False
        Organization.objects.filter(pk=organization.pk).update(people_offered=people)
        record(
            actor=actor,
            now=now,
            verb=Verb.OFFER_CHANGED,
            subject_kind="organization",
            subject_id=organization.code,
            detail={"before": before, "after": people},
        )
    organization.people_offered = people
    return True
