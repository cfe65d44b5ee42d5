from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Model, ProtectedError

from muster.access.models import Grant
from muster.access.queries import COMMAND_LINE
from muster.duty.models import CheckIn, Duty
from muster.emergencies.models import Emergency
from muster.emergencies.queries import get_active
from muster.kernel import clock
from muster.kernel.models import AuditEntry
from muster.organizations.models import Alliance, Organization
from muster.people.models import Person
from muster.plans.models import Plan
from muster.scenarios.accounts import DEMO_ACCOUNTS, demo_password, refresh_passwords
from muster.scenarios.catalog import resume_clock
from muster.scenarios.marks import SCENARIO_VERSION, ScenarioMark, find_mark, has_own_data
from muster.scenarios.shape import SMALL
from muster.scenarios.small import build_small
from muster.situation.exporting import EXPORTS, ExportRequest, export_list
from muster.situation.measures import read_measures
from muster.territory.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _small_city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Build the small city once for all tests of this file, and take it back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]  # the plugin's own type is private
        build_small(seed=1)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def emergency(_small_city: None, db: None) -> Emergency:
    return get_active()


def read_all(emergency: Emergency, now: datetime) -> dict[str, float | int]:
    return read_measures(emergency=emergency, area=emergency.area, now=now)


def digest_exports() -> str:
    digest = hashlib.sha256()
    for name in sorted(EXPORTS):
        target = io.BytesIO()
        export_list(ExportRequest(name), target, actor=COMMAND_LINE, now=SMALL.exercise_at)
        digest.update(name.encode() + target.getvalue())
    return digest.hexdigest()


def test_every_area_has_its_warden_and_no_rest_is_broken(emergency: Emergency) -> None:
    measures = read_all(emergency, SMALL.exercise_at)
    assert measures["warden_coverage"] == 1.0
    assert measures["rest_violations"] == 0
    assert measures["areas_required"] == Area.objects.filter(level__needs_warden=True).count() > 40


def test_the_roster_reaches_ahead_of_the_clock(emergency: Emergency) -> None:
    last = Duty.objects.order_by("-starts_at").values_list("starts_at", flat=True)[0]
    assert (last.astimezone(clock.CITY_ZONE).date() - SMALL.exercise_at.date()).days >= 9
    assert Duty.objects.filter(starts_at__lt=SMALL.exercise_at).exists()


def test_communities_without_management_are_paired(emergency: Emergency) -> None:
    assert read_all(emergency, SMALL.exercise_at)["pairings"] > 0


def test_most_people_came_some_did_not_and_some_were_entered_by_others(emergency: Emergency) -> None:
    past = Duty.objects.filter(ends_at__lt=SMALL.exercise_at).count()
    came = CheckIn.objects.filter(kind="in", duty__ends_at__lt=SMALL.exercise_at).count()
    assert 0.9 * past < came <= past
    assert CheckIn.objects.filter(is_for_other=True).exists()
    assert not CheckIn.objects.filter(at__gt=SMALL.exercise_at).exists()


def test_every_invented_row_says_so(emergency: Emergency) -> None:
    assert not Person.objects.filter(is_synthetic=False).exists()
    assert not Organization.objects.filter(is_synthetic=False).exists()
    assert not Alliance.objects.filter(is_synthetic=False).exists()
    assert not CheckIn.objects.filter(is_synthetic=False).exists()
    assert not Area.objects.filter(is_synthetic=False, level__needs_warden=True).exists()
    assert emergency.is_exercise


def test_each_role_can_sign_in_over_its_own_scope(emergency: Emergency) -> None:
    for account in DEMO_ACCOUNTS:
        user = authenticate(username=account.username, password=demo_password())
        assert user is not None
        assert Grant.objects.get(user=user).role == account.role


def test_the_demo_password_follows_the_installations_secret(
    emergency: Emergency, settings: pytest.FixtureRequest
) -> None:
    before = demo_password()
    settings.SECRET_KEY = "quite another secret than the one before"  # type: ignore[attr-defined]  # set by the plugin
    assert demo_password() != before
    refresh_passwords()
    assert authenticate(username="duty", password=before) is None
    assert authenticate(username="duty", password=demo_password()) is not None


def test_the_database_is_marked_as_a_demonstration(emergency: Emergency) -> None:
    assert find_mark() == ScenarioMark(SMALL.code, 1, SCENARIO_VERSION)
    assert not has_own_data()


def test_a_database_with_people_and_no_mark_is_somebodys_own(emergency: Emergency) -> None:
    AuditEntry.objects.filter(subject_kind="scenario").delete()
    assert find_mark() is None
    assert has_own_data()


def test_the_clock_goes_on_from_the_last_act(emergency: Emergency) -> None:
    assert abs((clock.now() - SMALL.exercise_at).total_seconds()) < 600
    later = SMALL.moment(SMALL.exercise_at.date(), 9, 15)
    AuditEntry.objects.create(at=later, actor_name="officer", verb="appointed", subject_kind="area", subject_id="1")
    resume_clock(SMALL)
    assert abs((clock.now() - later).total_seconds()) < 60


def test_every_plan_was_published(emergency: Emergency) -> None:
    assert dict(Plan.objects.values_list("kind", "state")) == {
        "coverage": "published",
        "pairing": "published",
        "roster": "published",
    }


def test_the_same_seed_gives_the_same_exports_byte_for_byte(emergency: Emergency) -> None:
    expected = digest_exports()
    # In the same transaction, so that every row number is another one the second time.
    _clear_rooms()
    build_small(seed=1)
    assert digest_exports() == expected


def _clear_rooms() -> None:
    """Delete everything that the small city consists of, whatever refers to whatever."""
    kept = {"territory.Level", "duty.PostKind", "duty.ShiftPattern", "needs.NeedKind"}
    models = [model for model in apps.get_models() if model.__module__.startswith("muster.")]
    waiting = [model for model in models if model._meta.label not in kept]
    Area.objects.update(parent=None)
    Organization.objects.update(parent=None)
    while waiting:
        left = [model for model in waiting if not _is_cleared(model)]
        assert len(left) < len(waiting), left
        waiting = left


def _is_cleared(model: type[Model]) -> bool:
    try:
        with transaction.atomic():
            model._default_manager.all().delete()
    except ProtectedError:
        return False
    return True
