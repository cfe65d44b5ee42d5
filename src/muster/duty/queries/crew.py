"""Who may be asked to stand at the posts of a pool: whoever serves, and has something to do with its area."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from muster.coverage.models import Pairing
from muster.emergencies.models import Emergency
from muster.membership.models import Membership
from muster.people.models import Person
from muster.territory.models import Area
from muster.territory.queries import beneath_any_filter


def list_crew(emergency: Emergency, areas: Sequence[Area]) -> QuerySet[Person]:
    """List who serves and lives or works in the areas, or belongs to an organization seated or paired there.

    Parameters
    ----------
    emergency
        Whose pairings count.
    areas
        The areas of the pools, or any that hold them.
    """
    serving = Person.objects.filter(may_serve=True, consented_at__isnull=False)
    return serving.filter(pk__in=crew_numbers(emergency, areas))


def crew_numbers(emergency: Emergency, areas: Sequence[Area]) -> QuerySet[Person, int]:
    """Return the numbers of all people who have something to do with some areas, as one list for the database.

    A union of four lists, each by an index of its own: joined by OR, a database reads everybody.
    """
    places = Area.objects.filter(beneath_any_filter(areas)).values("pk")
    pairings = Pairing.objects.filter(beneath_any_filter(areas, "area__path"), emergency=emergency, ends_at=None)
    members = Membership.objects.filter(until_on=None).values_list("person_id", flat=True)
    return (
        Person.objects.filter(home_area__in=places)
        .values_list("pk", flat=True)
        .union(
            Person.objects.filter(work_area__in=places).values_list("pk", flat=True),
            members.filter(beneath_any_filter(areas, "organization__seat_area__path")),
            members.filter(organization__in=pairings.values("organization")),
        )
    )
