"""Version 1 of the interface: what it holds, who may ask, and how it says no."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from muster.api import cover, facts, gaps, needs, watch
from muster.api.signing import SIGNED_IN
from muster.api.words import NOT_FROM_THE_DESK, NOT_READABLE, NOT_SIGNED_IN, TOO_MANY, Problem, say

# Its description is read by programs; the page that shows it to people runs scripts from elsewhere.
api = NinjaAPI(title="Muster", version="1", urls_namespace="api-v1", auth=SIGNED_IN, docs_url=None)
api.add_router("", facts.router)
api.add_router("", watch.router)
api.add_router("", needs.router)
api.add_router("", cover.router)
api.add_router("", gaps.router)


def _respond(request: HttpRequest, status: int, problem: Problem) -> HttpResponse:
    return api.create_response(request, problem.model_dump(), status=status)


@api.exception_handler(AuthenticationError)
def refuse_stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Say that nobody is signed in."""
    return _respond(request, 401, say("not_signed_in", NOT_SIGNED_IN))


@api.exception_handler(HttpError)
def refuse_request(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say what the framework itself refuses: a forged form, or what is no JSON."""
    if error.status_code == 403:
        return _respond(request, 403, say("forged", NOT_FROM_THE_DESK))
    return _respond(request, error.status_code, say("not_readable", NOT_READABLE))


@api.exception_handler(ValidationError)
def refuse_body(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say that the batch as a whole is none."""
    kinds = {str(one.get("type", "")) for one in _list_errors(error)}
    problem = say("too_many", TOO_MANY) if "too_long" in kinds else say("not_readable", NOT_READABLE)
    return _respond(request, 422, problem)


def _list_errors(error: ValidationError) -> list[dict[str, Any]]:
    return list(error.errors)
