"""What the board draws of an area: its map and today's posts, all of it or the parts that are asked for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from muster.duty.queries import list_posts_today
from muster.situation.board import Frame
from muster.situation.board_area import AreaView, read_area
from muster.situation.board_map import RINGS_LIMIT, read_map
from muster.situation.playback import PastShares
from muster.web.map_picture import draw_map
from muster.web.timeline import draw_timeline

CANVAS = frozenset({"map", "posts"})


def read_view(frame: Frame) -> AreaView:
    """Read what the board tells of the frame's area, with as many gaps as its map draws."""
    return read_area(frame.emergency, frame.area, pressing_limit=RINGS_LIMIT)


def read_canvas(frame: Frame, view: AreaView | None, parts: Collection[str] = CANVAS) -> dict[str, Any]:
    """Read and draw the parts of the canvas that are asked for."""
    drawn: dict[str, Any] = {}
    if "map" in parts and view is not None:
        rows = read_map(frame.emergency, frame.area, view.pressing)
        drawn["picture"] = draw_map(rows, reverse("gaps", args=[frame.area.code]))
    if "posts" in parts:
        posts = list_posts_today(frame.emergency, frame.area, frame.now) if frame.emergency else None
        drawn["timeline"] = draw_timeline(posts, frame.now) if posts else None
    return drawn


def read_past_canvas(frame: Frame, view: AreaView, shares: PastShares, parts: Collection[str]) -> dict[str, Any]:
    """Read and draw the parts of the canvas as they stood at the moment of a frame that looks back."""
    drawn: dict[str, Any] = {}
    if frame.emergency is None:
        return drawn
    if "map" in parts:
        rows = read_map(frame.emergency, frame.area, view.pressing, shares.list_children)
        drawn["picture"] = draw_map(rows)
    if "posts" in parts:
        posts = list_posts_today(frame.emergency, frame.area, frame.now, is_past=True)
        drawn["timeline"] = draw_timeline(posts, frame.now)
    return drawn
