"""The cast, and a browser without a browser for each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from muster.access.models import User
from muster.jobs.solving import solve_order
from muster.plans.actions import claim_order
from muster.web.catalogs import compile_catalogs
from tests.web.cast import Cast, build_cast

SignIn = Callable[..., Client]


def solve_ordered(client: Client, address: str, **terms: str) -> str:
    """Order a plan at the desk, have it solved as a worker does, and return the address of the plan."""
    answer = client.post(address, {"time_limit_s": "5", "seed": "1", **terms})
    assert answer.status_code == 302, answer.content.decode()
    order = claim_order("worker of the tests")
    assert order is not None
    solve_order(order)
    return str(client.get(answer["Location"])["Location"])


@pytest.fixture(scope="session", autouse=True)
def _catalogs() -> None:
    compile_catalogs()


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    def signed_in(username: str, language: str = "zh-hans") -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        client.cookies["django_language"] = language
        return client

    return signed_in


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("officer")
