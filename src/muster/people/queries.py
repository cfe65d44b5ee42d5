"""What screens and higher rooms ask about people."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from muster.kernel.batches import batches
from muster.kernel.errors import NotFoundError
from muster.kernel.search import search_rows
from muster.people.models import Absence, FormerCode, Person
from muster.people.rules import blind_index, normalize_phone
from muster.territory.models import Area
from muster.territory.queries import beneath_filter, list_outside


def find_person(code: str) -> Person | None:
    """Find a person by their code, or by one that they had before, or return None."""
    return Person.objects.select_related("home_area", "work_area").filter(named(code)).first()


def named(code: str) -> Q:
    """Return the filter for the person of a code, be it one that they had before two records of theirs became one."""
    return Q(code=code) | Q(pk__in=FormerCode.objects.filter(code=code).values("person"))


def find_former_codes(codes: Iterable[str]) -> dict[str, int]:
    """Find which codes are former ones, and the number of the person of each."""
    found: dict[str, int] = {}
    for some in batches(sorted(set(codes))):
        found.update(FormerCode.objects.filter(code__in=some).values_list("code", "person_id"))
    return found


def get_person(code: str) -> Person:
    """Get a person by their code.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    person = find_person(code)
    if person is None:
        raise NotFoundError(f"There is no person with the code {code}.", remedy="Check the code.")
    return person


def living_or_working_filter(area: Area) -> Q:
    """Return the filter for people who live or work in an area or beneath it."""
    return beneath_filter(area, "home_area__path") | beneath_filter(area, "work_area__path")


def list_people(area: Area | None = None) -> QuerySet[Person]:
    """List people who live or work in an area or beneath it, or everybody, in the order of their codes.

    Telephone numbers are not read.
    """
    people = Person.objects.defer("phone").select_related("home_area", "work_area").order_by("code")
    return people if area is None else people.filter(living_or_working_filter(area))


def list_people_by_phone(text: str) -> QuerySet[Person]:
    """List the people of a telephone number, written in any form, without decrypting any.

    Raises
    ------
    CellError
        If the text is not a telephone number.
    """
    phone = normalize_phone(text)
    return Person.objects.filter(phone_index=blind_index(phone)) if phone else Person.objects.none()


def search_people(text: str, people: QuerySet[Person], *, limit: int = 20) -> list[Person]:
    """Search among people by code, name, pinyin or initials.

    Parameters
    ----------
    text
        What was typed: the beginning of a code, a part of a name, or pinyin.
    people
        Among whom: those that the actor may see.
    limit
        At most so many are returned.
    """
    return search_rows(people, text, limit=limit)


def list_absences(person_ids: Iterable[int]) -> QuerySet[Absence]:
    """List the absences of some people, by person and day."""
    return Absence.objects.filter(person_id__in=list(person_ids)).order_by("person_id", "starts_on")


FEW_AREAS = 100
"""With so few areas outside, the people of an area are counted as everybody but those outside it."""


def living_or_working(area: Area) -> QuerySet[Person]:
    """List whoever lives or works in an area or beneath it, each once, in no order."""
    # Two subqueries, each from the areas by an index; with both conditions on one join everybody would be read.
    lives = Person.objects.filter(beneath_filter(area, "home_area__path")).values("pk")
    works = Person.objects.filter(beneath_filter(area, "work_area__path")).values("pk")
    return Person.objects.filter(Q(pk__in=lives) | Q(pk__in=works))


SOON_COUNTED = 150_000
"""So many people of an area are counted within a tenth of a second."""


def is_soon_counted(area: Area) -> bool:
    """Tell whether the people of an area are counted soon: few live there, or few areas lie outside."""
    living = Person.objects.filter(beneath_filter(area, "home_area__path")).order_by().values("pk")
    return (
        list_outside(area)[: FEW_AREAS + 1].count() <= FEW_AREAS or living[: SOON_COUNTED + 1].count() <= SOON_COUNTED
    )


def count_people(area: Area | None = None) -> int:
    """Count people who live or work in an area or beneath it, or everybody."""
    if area is None:
        return Person.objects.count()
    outside = list(list_outside(area).values_list("pk", flat=True)[: FEW_AREAS + 1])
    if len(outside) > FEW_AREAS:
        return living_or_working(area).count()
    lives_outside = Q(home_area=None) | Q(home_area__in=outside)
    works_outside = Q(work_area=None) | Q(work_area__in=outside)
    return Person.objects.count() - Person.objects.filter(lives_outside, works_outside).count()
