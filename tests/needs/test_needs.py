"""A need is raised once, goes step by step, and every step is a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.access.queries import SystemActor
from muster.emergencies.models import Emergency
from muster.kernel.errors import RuleError
from muster.needs.actions import NeedFact, raise_need, take_step
from muster.needs.kinds import SETTLED, NeedKind, NeedState
from muster.needs.models import Need
from muster.needs.queries import list_needs, list_open_needs
from muster.needs.rules import may_follow
from muster.territory.actions import create_areas
from muster.territory.kinds import AreaSpec
from muster.territory.queries import get_area

NOW = datetime(2020, 2, 20, 1, tzinfo=UTC)


WORKER = SystemActor("Xu Jing")
"""A community worker who enters what was told by telephone."""


@given(st.sampled_from(NeedState), st.sampled_from(NeedState))
def test_a_settled_need_never_goes_on(state: NeedState, following: NeedState) -> None:
    assert not (state in SETTLED and may_follow(state, following))


@pytest.fixture
def emergency() -> Emergency:
    """Return an emergency of one county, beside another that is not in it."""
    specs = [
        AreaSpec("city", "1", "城"),
        AreaSpec("county", "11", "甲区", "1"),
        AreaSpec("community", "111", "社区", "11"),
        AreaSpec("county", "12", "乙区", "1"),
    ]
    create_areas(specs, actor=WORKER, now=NOW)
    return Emergency.objects.create(
        code="flood", name_zh="防汛", name_en="Flood", response_level=2, area=get_area("11"), starts_at=NOW
    )


def _raise(emergency: Emergency, code: str = "N1", area: str = "111", now: datetime = NOW) -> Need:
    fact = NeedFact(area, NeedKind.MEDICINE, "降压药", code, client_id=uuid5(NAMESPACE_URL, code), at=now)
    return raise_need(actor=WORKER, now=now, fact=fact)


@pytest.mark.django_db
def test_a_need_sent_twice_is_raised_once(emergency: Emergency) -> None:
    assert _raise(emergency).pk == _raise(emergency, now=NOW + timedelta(minutes=5)).pk
    assert (Need.objects.get().at, Need.objects.get().state) == (NOW, NeedState.OPEN)


@pytest.mark.django_db
def test_an_answered_need_is_no_longer_open_and_keeps_its_steps(emergency: Emergency) -> None:
    need = _raise(emergency)
    for minutes, state in enumerate((NeedState.UNDER_WAY, NeedState.ANSWERED)):
        take_step(actor=WORKER, now=NOW + timedelta(minutes=minutes), need=need, state=state)
    assert list(list_open_needs(emergency, get_area("11"))) == []
    assert [step.state for step in list_needs(emergency, get_area("11"))[0].steps.order_by("pk")] == [
        "under_way",
        "answered",
    ]
    with pytest.raises(RuleError, match="cannot become"):
        take_step(actor=WORKER, now=NOW, need=need, state=NeedState.OPEN)


@pytest.mark.django_db
def test_a_need_outside_the_emergency_or_after_it_is_refused(emergency: Emergency) -> None:
    with pytest.raises(RuleError, match="No emergency"):
        _raise(emergency, area="12")
    emergency.ends_at = NOW
    emergency.save()
    with pytest.raises(RuleError, match="No emergency"):
        _raise(emergency)
