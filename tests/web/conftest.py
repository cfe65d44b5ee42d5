"""The cast, and a browser without a browser for each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from muster.access.models import User
from muster.web.catalogs import compile_catalogs
from tests.web.cast import Cast, build_cast

SignIn = Callable[..., Client]


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
