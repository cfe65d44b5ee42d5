"""The house stands as it is drawn: rows refer downwards only, and no room escapes its rules."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import AppConfig, apps
from django.db.models import ForeignKey, ManyToManyField, Model

from tests.architecture.rooms import heights, models_hidden_from_screens, rooms_with_topics

_Holder = AppConfig | type[Model]
Relation = tuple[type[Model], str, type[Model]]


def _rooms() -> list[AppConfig]:
    return [app for app in apps.get_app_configs() if app.name.startswith("muster.")]


def _room_of(holder: _Holder) -> str:
    """Return the room of an app or a model; labels may differ, where Django has taken a room's name."""
    name = holder.name if isinstance(holder, AppConfig) else holder.__module__
    return name.removeprefix("muster.").partition(".")[0] if name.startswith("muster.") else name


def _relations() -> Iterator[Relation]:
    for app in _rooms():
        for model in app.get_models(include_auto_created=True):
            for field in (*model._meta.get_fields(),):
                if isinstance(field, ForeignKey | ManyToManyField):
                    yield model, field.name, field.related_model


def _is_downwards(relation: Relation) -> bool:
    model, _, related = relation
    here, there = _room_of(model), _room_of(related)
    order = heights()
    return here == there or there not in order or order[there] < order[here]


def test_every_row_refers_only_to_rows_of_its_own_room_or_a_lower_one() -> None:
    relations = list(_relations())
    upwards = [
        f"{model._meta.label}.{field} refers to {related._meta.label}"
        for model, field, related in relations
        if not _is_downwards((model, field, related))
    ]
    assert relations
    assert not upwards, "\n".join(upwards)


def test_every_room_with_rows_keeps_the_order_of_topics() -> None:
    with_rows = {_room_of(app) for app in _rooms() if list(app.get_models())}
    assert with_rows <= rooms_with_topics()


def test_the_models_of_every_room_are_hidden_from_the_screens() -> None:
    with_rows = {_room_of(app) for app in _rooms() if list(app.get_models())}
    assert with_rows == models_hidden_from_screens()


def test_every_room_is_drawn_in_the_layers() -> None:
    assert {_room_of(app) for app in _rooms()} <= set(heights())
