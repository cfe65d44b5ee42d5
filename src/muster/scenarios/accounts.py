"""The accounts of a demonstration: one of each role, with a password of this installation's own."""

from __future__ import annotations

from typing import NamedTuple

from muster.access.actions import create_user
from muster.access.kinds import Role
from muster.access.models import User
from muster.access.queries import SystemActor
from muster.coverage.models import Appointment
from muster.kernel.phrases import derive_phrase
from muster.organizations.models import Organization
from muster.scenarios.shape import Shape
from muster.territory.models import Area
from muster.territory.queries import beneath_filter


class DemoAccount(NamedTuple):
    """Somebody to sign in as."""

    username: str
    role: Role
    display_name: str


DEMO_ACCOUNTS = (
    DemoAccount("duty", Role.DUTY_OFFICER, "市指挥部值班员"),
    DemoAccount("community", Role.COMMUNITY_WORKER, "社区工作者"),
    DemoAccount("liaison", Role.ORGANIZATION_LIAISON, "单位联络员"),
    DemoAccount("warden", Role.WARDEN, "单元长"),
    DemoAccount("auditor", Role.AUDITOR, "审计员"),
)


def demo_password() -> str:
    """Return the password of all demo accounts: made from the installation's secret, so that no two share one."""
    return derive_phrase("demo")


def create_accounts(shape: Shape, *, actor: SystemActor) -> None:
    """Make the demo accounts: over the city, a community, an organization, and a unit with its warden."""
    city = Area.objects.get(level__slug="city")
    community = Area.objects.filter(level__slug="community", kind="residents_committee").order_by("path")[0]
    warden = _find_unit_warden(community)
    organization = Organization.objects.filter(seat_area__path__gte=city.path).order_by("code")[1]
    for account in DEMO_ACCOUNTS:
        area: Area | None = {
            Role.COMMUNITY_WORKER: community,
            Role.WARDEN: warden.area if warden else community,
            Role.ORGANIZATION_LIAISON: None,
        }.get(account.role, city)
        create_user(
            actor=actor,
            now=shape.moment(shape.activated_on, 9),
            username=account.username,
            password=demo_password(),
            display_name=account.display_name,
            role=account.role,
            area=area,
            organization=organization if area is None else None,
            person=warden.person if warden and account.role == Role.WARDEN else None,
        )


def refresh_passwords() -> None:
    """Give the demo accounts this installation's password again, where its secret has changed."""
    password = demo_password()
    users = list(User.objects.filter(username__in=[account.username for account in DEMO_ACCOUNTS]))
    if users and not users[0].check_password(password):
        for user in users:
            user.set_password(password)
            user.save(update_fields=["password"])


def _find_unit_warden(community: Area) -> Appointment | None:
    return (
        Appointment.objects.filter(
            beneath_filter(community, "area__path"), area__level__slug="unit", role="warden", ends_at=None
        )
        .select_related("area", "person")
        .order_by("area__path")
        .first()
    )
