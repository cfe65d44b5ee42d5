"""A town with many duties to report at, an account that may, and its token: made in the database of the environment."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
django.setup()

from muster.access.actions import create_user  # noqa: E402  # models load after Django
from muster.access.kinds import Role  # noqa: E402
from muster.access.models import User  # noqa: E402
from muster.access.queries import COMMAND_LINE  # noqa: E402
from muster.access.tokens import give_token  # noqa: E402
from muster.cli.migrate import prepare_database  # noqa: E402
from muster.duty.models import Duty, Post, PostKind, Shift, ShiftPattern  # noqa: E402
from muster.emergencies.actions import activate  # noqa: E402
from muster.emergencies.models import Emergency  # noqa: E402
from muster.kernel.clock import real_now  # noqa: E402
from muster.people.models import Person  # noqa: E402
from muster.territory.actions import create_areas  # noqa: E402
from muster.territory.kinds import AreaSpec  # noqa: E402
from muster.territory.models import Area  # noqa: E402

POSTS, PEOPLE_A_POST, PHONES = 200, 25, 64
_PASSWORD = "eight-posts-stand-7"  # noqa: S105  # of an account in a database that is thrown away


def build() -> dict[str, object]:
    """Build the town and return the token, the numbers of its duties, and a moment within their shifts."""
    prepare_database()
    now = real_now()
    create_areas(_list_areas(), actor=COMMAND_LINE, now=now)
    city = Area.objects.get(code="22")
    emergency = activate(
        actor=COMMAND_LINE, now=now, code="flood", name_zh="防汛", name_en="flood", response_level=2, area=city
    )
    _staff(emergency)
    account = create_user(
        actor=COMMAND_LINE,
        now=now,
        username="office",
        password=_PASSWORD,
        display_name="Office",
        role=Role.COMMUNITY_WORKER,
        area=city,
    )
    return {
        "token": give_token(actor=COMMAND_LINE, now=now, user=account),
        "phones": [_give_phone(duty, now) for duty in Duty.objects.all()[:PHONES]],
        "duties": list(Duty.objects.values_list("pk", flat=True)),
        "account": account.pk,
        "now": now.isoformat(),
    }


def _give_phone(duty: Duty, now: datetime) -> dict[str, object]:
    """Give the person on a duty an account and a token: who stands at a post reports for themselves."""
    account = User.objects.create(username=f"phone-{duty.pk}", person=duty.person)
    return {"token": give_token(actor=COMMAND_LINE, now=now, user=account), "duty": duty.pk}


def _list_areas() -> list[AreaSpec]:
    return [
        AreaSpec("city", "22", "City"),
        AreaSpec("county", "2207", "County", "22"),
        *(AreaSpec("community", f"C{number}", f"Community {number}", "2207") for number in range(POSTS)),
    ]


def _staff(emergency: Emergency) -> None:
    now = real_now()
    span = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=8)}
    areas = list(Area.objects.filter(level__slug="community"))
    kind, pattern = PostKind.objects.first(), ShiftPattern.objects.first()
    posts = [Post(code=f"P{area.code}", name="gate", kind=kind, area=area, pool_area=area) for area in areas]
    Post.objects.bulk_create(posts)
    shifts = [
        Shift(emergency=emergency, post=post, pattern=pattern, needed=PEOPLE_A_POST, **span)
        for post in Post.objects.all()
    ]
    Shift.objects.bulk_create(shifts)
    people = [Person(code=f"N{number}", name="Bai") for number in range(POSTS * PEOPLE_A_POST)]
    Person.objects.bulk_create(people, batch_size=1000)
    standing = list(Shift.objects.all())
    duties = [
        Duty(shift=standing[at % POSTS], person=person, changed_at=now, **span)
        for at, person in enumerate(Person.objects.all())
    ]
    Duty.objects.bulk_create(duties, batch_size=1000)


if __name__ == "__main__":
    json.dump(build(), sys.stdout)
