"""The frame around every screen: who looks, at which area, in which emergency, at what time."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from muster.access.queries import Actor
from muster.kernel.errors import MusterError, NotAllowedError, NotFoundError
from muster.situation.board import Frame, read_frame
from muster.web.refusals import say_refusal

Screen = Callable[..., HttpResponseBase]
_BUSY = re.compile("database is locked|deadlock detected|lock timeout")


def get_actor(request: HttpRequest) -> Actor:
    """Get the signed-in account that acts.

    Raises
    ------
    NotAllowedError
        If nobody has signed in.
    """
    user = request.user
    if not user.is_authenticated:
        raise NotAllowedError("Nobody has signed in.", remedy="Sign in first.")
    return user


def screen(view: Screen) -> Screen:
    """Guard a screen: only for who has signed in, and every refusal becomes a page that says what to do."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFoundError:
            return render(request, "404.html", status=404)
        except NotAllowedError as error:
            return render(request, "403.html", {"error": say_refusal(error)}, status=403)
        except MusterError as error:
            return render(request, "refused.html", {"error": say_refusal(error)}, status=409)
        except OperationalError as error:
            # Two acts waited for each other, or a long list is being written into a database of one writer.
            if not _BUSY.search(str(error)):
                raise
            response = render(request, "503.html", status=503)
            response["Retry-After"] = "30"
            return response

    return guarded


def open_frame(request: HttpRequest, code: str | None = None, *, opened: Collection[str] = ()) -> Frame:
    """Open the frame on an area, or on the first that the actor may see, its tree opened at further areas as well.

    Raises
    ------
    NotFoundError
        If the area is not there, or not for this actor to see.
    """
    return read_frame(actor=get_actor(request), code=code, opened=opened)


def show(
    request: HttpRequest, template: str, frame: Frame, *, tab: str = "map", status: int = 200, **context: Any
) -> HttpResponse:
    """Show a screen within its frame."""
    return render(request, template, {"frame": frame, "tab": tab, **context}, status=status)
