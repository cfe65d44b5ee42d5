"""Needs and their steps, visits: what was asked, every step of it a fact of its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from muster.emergencies.models import Emergency
from muster.kernel.models import Fact
from muster.needs.kinds import CarrierKind, NeedKind, NeedState, NeedUrgency, PairVerdict, VisitOutcome
from muster.organizations.models import Organization
from muster.people.models import Person
from muster.territory.models import Area

_CARRIERS = ("carrier_person", "carrier_organization", "carrier_office")
CARRIER_IDS = tuple(f"{name}_id" for name in _CARRIERS)
"""Where the number of a carrier stands, by what it is."""
_PERSON_KINDS = (CarrierKind.WARDEN, CarrierKind.DEPUTY, CarrierKind.ON_DUTY)


def _only(field: str | None, *, kinds: Sequence[str]) -> models.Q:
    """Return the condition that of all carriers exactly one is named, of one of some kinds."""
    return models.Q(carrier_kind__in=kinds, **{f"{name}__isnull": name != field for name in _CARRIERS})


class Carried(Fact):
    """A fact that may name who carries a need: a person in a role, an organization, or the office of an area."""

    carrier_kind = models.CharField(max_length=16, choices=CarrierKind.choices, blank=True)
    carrier_person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="%(class)ss_carried",
        help_text="Kept so that whoever asked and whoever follows know whose hands it is in.",
    )
    carrier_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, related_name="%(class)ss_carried"
    )
    carrier_office = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="%(class)ss_carried")

    class Meta:
        """A carrier is of the kind that it is said to be."""

        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=_only(None, kinds=("",))
                | _only("carrier_person", kinds=_PERSON_KINDS)
                | _only("carrier_organization", kinds=(CarrierKind.ORGANIZATION,))
                | _only("carrier_office", kinds=(CarrierKind.OFFICE,)),
                name="%(class)s_carrier_is_of_its_kind",
            ),
        )


class Need(Carried):
    """What somebody at an area's doors asks for. Nothing is kept of who asks; the door is enough to help.

    Its state, who carries it, how pressing it is and where it belongs are what its steps make of it, in the
    order of their moments.
    """

    code = models.CharField(max_length=64, unique=True)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="needs")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=16, choices=NeedKind.choices)
    words = models.CharField(max_length=400, blank=True, help_text="What was asked, in the asker's words.")
    state = models.CharField(max_length=16, choices=NeedState.choices, default=NeedState.OPEN)
    taken_at = models.DateTimeField(null=True, help_text="When somebody first took it up.")
    settled_at = models.DateTimeField(null=True, help_text="When it was answered or withdrawn.")
    urgency = models.PositiveSmallIntegerField(choices=NeedUrgency.choices, default=NeedUrgency.CAN_WAIT)
    is_triaged = models.BooleanField(default=False, help_text="Whether a person has said how pressing it is.")
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="joined", help_text="The need that answers this too."
    )

    class Meta(Carried.Meta):
        """Needs that are not settled are found by how pressing and how old they are."""

        indexes = (
            models.Index(fields=["emergency", "state", "at"], name="needs_by_state_and_age"),
            models.Index(
                fields=["emergency", "urgency", "at", "id"],
                condition=models.Q(settled_at=None, joined_to=None),
                name="open_needs_by_urgency_and_age",
            ),
        )

    def __str__(self) -> str:
        return self.code


class NeedStep(Carried):
    """One step of a need: its new state, when, by whose hand. It may come before the need itself, and waits for it.

    A step without a state is a word about the need, or says how pressing it is or where it belongs.
    """

    need = models.ForeignKey(Need, on_delete=models.CASCADE, null=True, related_name="steps")
    about = models.UUIDField(db_index=True, help_text="Client's id of the need.")
    state = models.CharField(max_length=16, choices=NeedState.choices, blank=True)
    by = models.CharField(max_length=150)
    note = models.CharField(max_length=200, blank=True)
    named = models.CharField(
        max_length=80, blank=True, help_text="Kind and code of whom a step names that waits for its need."
    )
    urgency = models.PositiveSmallIntegerField(choices=NeedUrgency.choices, null=True)
    place = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, related_name="+", help_text="Where the need belongs, if found."
    )

    class Meta(Carried.Meta):
        """It has no index of its own beyond those of its relations."""


class NeedPair(models.Model):
    """What somebody said of two needs that look alike: one or two. Taken back by a further act, never deleted.

    Of two that are one, ``first`` answers for both; of two that are two, the older row comes first.
    """

    first = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="pairs")
    verdict = models.CharField(max_length=8, choices=PairVerdict.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        """A need is joined to one other at a time, and kept apart from each once."""

        constraints = (
            models.UniqueConstraint(
                fields=["second"],
                condition=models.Q(undone_at=None, verdict=PairVerdict.ONE),
                name="a_need_is_joined_to_one",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=models.Q(undone_at=None, verdict=PairVerdict.TWO),
                name="two_needs_are_kept_apart_once",
            ),
        )


class Visit(Fact):
    """Somebody knocked at an area's doors."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="visits")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="visits")
    outcome = models.CharField(max_length=16, choices=VisitOutcome.choices)
    note = models.CharField(max_length=200, blank=True)
