"""Reading the rows of a roster that are in sight, as what was asked for has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from muster.access.queries import filter_people
from muster.duty.queries import PostKey, RosterSpan, list_person_rows, list_pool, list_post_rows
from muster.kernel.clock import CITY_ZONE
from muster.people.queries import list_people
from muster.situation.board import Frame
from muster.web.roster_asking import Asked
from muster.web.roster_grid import Line, draw_days, draw_people, draw_posts


def read_lines(frame: Frame, asked: Asked, span: RosterSpan, keys: Sequence[PostKey] | Sequence[int]) -> list[Line]:
    """Read the rows of some people or posts, drawn, in the order of their keys."""
    today = frame.now.astimezone(CITY_ZONE).date()
    days = draw_days([span.starts_on.fromordinal(span.starts_on.toordinal() + at) for at in range(asked.days)], today)
    if asked.by == "posts":
        rows = list_post_rows(span, cast("Sequence[PostKey]", keys))
        return draw_posts(rows, days, are_named=frame.may_see_people)
    # Only with the pool is somebody shown who has no duty here: then whoever may be asked, as far as the actor sees.
    among = filter_people(frame.actor, list_pool(span)) if asked.has_pool else list_people().none()
    people = list_person_rows(span, cast("Sequence[int]", keys), among=among)
    return draw_people(people, days, are_named=frame.may_see_people)
