"""Maps, pages and words as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.utils import translation

from muster.kernel.ages import say_age
from muster.situation.board_map import MapRows, Ring
from muster.web import map_drawing as drawing
from muster.web import words
from muster.web.map_labels import Named, measure, place_names
from muster.web.map_picture import draw_map
from muster.web.paging import PAGE_ROWS, read_page

SQUARE = {"type": "Polygon", "coordinates": [[[124, 45], [125, 45], [125, 46], [124, 46], [124, 45]]]}


def test_a_map_fills_its_picture_and_keeps_north_up() -> None:
    projection = drawing.fit((124.0, 45.0, 125.0, 46.0))
    west, south = projection.place(124.0, 45.0)
    east, north = projection.place(125.0, 46.0)
    assert north < south
    assert west < east
    assert min(west, north) >= drawing.MARGIN - 0.01
    assert south <= drawing.HEIGHT - drawing.MARGIN + 0.01


def test_a_map_is_true_to_scale_both_ways() -> None:
    projection = drawing.fit((124.0, 45.0, 125.0, 46.0))
    across = projection.place(124.6, 45.5)[0] - projection.place(124.5, 45.5)[0]
    down = projection.place(124.5, 45.4)[1] - projection.place(124.5, 45.5)[1]
    # A tenth of a degree of longitude at 45.5 degrees north is 0.7009 of one of latitude.
    assert across / down == pytest.approx(0.7009, abs=1e-3)


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    projection = drawing.fit((124.0, 45.0, 125.0, 46.0))
    bar = drawing.scale_bar(projection)
    assert bar.words == "20 km"
    assert bar.length == pytest.approx(20 * projection.points_per_km)


def test_simplifying_a_boundary_keeps_its_corners() -> None:
    projection = drawing.fit((124.0, 45.0, 125.0, 46.0))
    path = drawing.draw_land(drawing.read_geometry(SQUARE), projection)
    assert path.count("L") == 4
    assert path.endswith("Z")


def test_a_label_stands_inside_its_land() -> None:
    lon, lat = drawing.label_point(drawing.read_geometry(SQUARE))
    assert (lon, lat) == pytest.approx((124.5, 45.5), abs=0.05)


def test_a_ring_grows_with_its_households() -> None:
    radii = [drawing.ring_radius(households) for households in (0, 30, 300, 100_000)]
    assert radii == sorted(radii)
    assert radii[0] > 0


def test_a_building_is_drawn_around_its_position_and_named_where_there_is_room() -> None:
    near = drawing.size_block(drawing.fit((124.0, 45.0, 124.003, 45.003)))
    far = drawing.size_block(drawing.fit((124.0, 45.0, 125.0, 46.0)))
    assert (near.left, near.top) == (-near.width / 2, -near.height / 2)
    assert near.has_name
    assert not far.has_name


def test_a_map_of_nothing_says_that_it_is_empty() -> None:
    rows = MapRows(
        lands=(),
        places=(),
        blocks=(),
        outline=None,
        is_own_outline=False,
        dots=(),
        groups=(),
        rings=(),
        is_synthetic=False,
    )
    assert draw_map(rows).is_empty


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0 min", "0 分"),
        (41, "41 min", "41 分"),
        (130, "2 h 10 min", "2 小时 10 分"),
        (1440, "1 day", "1 天"),
        (3120, "2 days 4 h", "2 天 4 小时"),
        (60 * 24 * 30, "30 days", "30 天"),
    ],
)
def test_an_age_has_its_two_greatest_parts(minutes: int, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert say_age(timedelta(minutes=minutes)) == english
    with translation.override("zh-hans"):
        assert say_age(timedelta(minutes=minutes)) == chinese


def test_a_moment_carries_its_day_when_that_is_not_today() -> None:
    now = datetime(2020, 2, 20, 0, 0, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert words.say_moment(now - timedelta(hours=1), now) == "07:00"
        assert words.say_moment(now - timedelta(days=1), now) == "2月19日 08:00"
        assert words.say_moment(now.replace(year=2019), now) == "2019年2月20日 08:00"
        assert words.say_clock(now) == "2月20日 周四 08:00"
    with translation.override("en"):
        assert words.say_moment(now - timedelta(days=1), now) == "19 Feb 08:00"


@pytest.mark.parametrize(("part", "whole", "said"), [(9999, 10000, "99.9"), (3, 3, "100.0"), (0, 0, "–")])
def test_a_share_is_never_rounded_up_to_all(part: int, whole: int, said: str) -> None:
    assert words.say_share(part, whole) == said


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("0", 1), ("99", 3), ("x", 1), ("²", 1)])
def test_a_page_out_of_reach_becomes_the_nearest(asked: str, number: int) -> None:
    page = read_page(RequestFactory().get("/", {"page": asked}), 2 * PAGE_ROWS + 1)
    assert page.number == number
    assert page.last_number == 3


def test_the_pages_of_a_list_hold_each_row_once() -> None:
    total = 2 * PAGE_ROWS + 1
    pages = [read_page(RequestFactory().get("/", {"page": str(number)}), total) for number in (1, 2, 3)]
    assert [row for page in pages for row in range(page.offset, page.end)] == list(range(total))


CROWD = [Named(400 + 6 * at, 260 + 4 * at, 5.5, f"第{at}街道", 11.0) for at in range(12)]


def test_no_name_on_a_map_lies_on_another_or_on_a_ring() -> None:
    ring = (380.0, 240.0, 410.0, 270.0)
    spots = place_names(CROWD, [ring], 800, 520)
    boxes = [ring]
    for point, spot in zip(CROWD, spots, strict=True):
        assert spot is not None
        long = measure(point.name, point.size)
        left = spot.x - {"start": 0.0, "middle": long / 2, "end": long}[spot.anchor]
        boxes.append((left, spot.y - point.size + 1, left + long, spot.y + 2))
    assert all(
        one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        for at, one in enumerate(boxes)
        for other in boxes[:at]
    )


def test_a_name_that_stands_apart_is_led_to_its_point() -> None:
    led = [(point, spot) for point, spot in zip(CROWD, place_names(CROWD, [], 800, 520), strict=True) if spot]
    apart = [(point, spot) for point, spot in led if spot.leader]
    assert apart
    assert all(spot.leader.startswith(f"M{point.x:.1f} {point.y:.1f}L") for point, spot in apart)


def test_gaps_that_would_lie_on_one_another_share_a_ring_with_their_number() -> None:
    near = [Ring(f"A{at}", "1单元", (124.5 + at / 10_000, 45.5), 10, "area_without_warden", "") for at in range(3)]
    far = Ring("B", "2单元", (124.9, 45.9), 10, "area_without_warden", "")
    rows = MapRows(
        lands=(), places=(), blocks=(), outline=SQUARE, is_own_outline=True, dots=(), groups=(),
        rings=(*near, far), is_synthetic=False,
    )  # fmt: skip
    rings = draw_map(rows, "/gaps/2207").rings
    assert sorted(ring.count for ring in rings) == [1, 3]
    assert {ring.address for ring in rings} == {"/gaps/2207", "/areas/B"}
