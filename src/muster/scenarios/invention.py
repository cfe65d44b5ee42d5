"""A whole city from one seed."""

from __future__ import annotations

from muster.scenarios.divisions import read_boundaries, read_divisions
from muster.scenarios.organizations import invent_organizations
from muster.scenarios.people import invent_people
from muster.scenarios.places import invent_places
from muster.scenarios.positions import place_divisions
from muster.scenarios.posts import invent_posts
from muster.scenarios.rows import City
from muster.scenarios.shape import Shape


def invent_city(shape: Shape, seed: int) -> City:
    """Invent a city on its real tree: the same seed gives the same rows, whatever the machine.

    Parameters
    ----------
    shape
        How large, and which part of the tree.
    seed
        From 0.
    """
    divisions = read_divisions(shape)
    points = place_divisions(divisions, seed)
    divisions = [
        area._replace(lon=points[area.code].lon, lat=points[area.code].lat, is_position_synthetic=True)
        if area.code in points
        else area
        for area in divisions
    ]
    places = invent_places(divisions, points, shape, seed)
    organizations = invent_organizations(divisions, shape, seed)
    posts = invent_posts(divisions, places, shape, seed)
    people = invent_people(
        divisions=divisions, places=places, organizations=organizations, posts=posts, shape=shape, seed=seed
    )
    return City(
        areas=divisions + places,
        boundaries=read_boundaries(divisions),
        organizations=organizations,
        people=people,
        posts=posts,
    )
