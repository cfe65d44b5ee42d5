"""Measures of wardens, deputies, gaps and pairings."""

from __future__ import annotations

from collections.abc import Iterator

from muster.clocks.queries import list_open_gaps
from muster.coverage.kinds import AppointmentRole, CoverageState
from muster.coverage.queries import (
    count_gaps,
    get_area_coverage,
    get_warden_figures,
    list_active_appointments,
    list_pairings,
    walk_ledger,
)
from muster.kernel.clock import CITY_ZONE
from muster.situation.measures.scope import Column, Form, Measure, Row, Scope

_AREA = (Column("area", "区域", "area"), Column("level", "层级", "level"), Column("name", "名称", "name"))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _warden_coverage(scope: Scope) -> float:
    total = get_area_coverage(scope.event, scope.area).total
    return _share(total.covered, total.required)


def _deputy_coverage(scope: Scope) -> float:
    total = get_area_coverage(scope.event, scope.area).total
    return _share(total.with_deputy + total.deputy_only, total.required)


def _areas_required(scope: Scope) -> int:
    return get_area_coverage(scope.event, scope.area).total.required


def _wardens_people(scope: Scope) -> int:
    return get_warden_figures(scope.event, scope.area).people


def _warden_rows(scope: Scope) -> Iterator[Row]:
    for row in walk_ledger(scope.event, scope.area):
        holder = row.warden
        yield row.code, row.level, row.name, holder.person_name if holder else "", int(holder is not None)


def _deputy_rows(scope: Scope) -> Iterator[Row]:
    for row in walk_ledger(scope.event, scope.area):
        holder = row.deputy
        yield row.code, row.level, row.name, holder.person_name if holder else "", int(holder is not None)


def _required_rows(scope: Scope) -> Iterator[Row]:
    for row in walk_ledger(scope.event, scope.area):
        yield row.code, row.level, row.name, CoverageState(row.state).value


def _warden_people_rows(scope: Scope) -> Iterator[Row]:
    areas: dict[tuple[str, str], list[str]] = {}
    wardens = list_active_appointments(scope.event, scope.area).filter(role=AppointmentRole.WARDEN)
    for code, name, area in wardens.values_list("person__code", "person__name", "area__code"):
        areas.setdefault((code, name), []).append(area)
    for (code, name), held in areas.items():
        yield code, name, " ".join(held)


def _gap_rows(scope: Scope) -> Iterator[Row]:
    # As the list of gaps shows them: by an index, so that the first page of a million is read alone.
    gaps = list_open_gaps(scope.event, scope.area).order_by("urgency", "since_at", "pk")
    for gap in gaps.iterator(chunk_size=500):
        since = gap.since_at.astimezone(CITY_ZONE)
        yield gap.kind, gap.subject, gap.area.code, gap.area.name, since, gap.owner_area.name, gap.why


def _pairing_rows(scope: Scope) -> Iterator[Row]:
    for pairing in list_pairings(scope.event, scope.area):
        since = pairing.starts_at.astimezone(CITY_ZONE)
        organization, area = pairing.organization, pairing.area
        yield (
            organization.code,
            organization.name,
            area.code,
            area.name,
            " ".join(pairing.duties),
            pairing.people,
            since,
        )


MEASURES = (
    Measure(
        name="warden_coverage",
        zh="楼门长覆盖率",
        en="areas with a warden, of those that need one",
        form=Form.SHARE,
        counted="has_warden",
        columns=(*_AREA, Column("warden", "负责人", "warden"), Column("has_warden", "有负责人", "has a warden")),
        value=_warden_coverage,
        rows=_warden_rows,
    ),
    Measure(
        name="wardens_people",
        zh="在任负责人（人数）",
        en="different people serving as wardens",
        form=Form.COUNT,
        columns=(Column("person", "人员", "person"), Column("name", "姓名", "name"), Column("areas", "区域", "areas")),
        value=_wardens_people,
        rows=_warden_people_rows,
    ),
    Measure(
        name="deputy_coverage",
        zh="副手覆盖率",
        en="areas with a deputy, of those that need a warden",
        form=Form.SHARE,
        counted="has_deputy",
        columns=(*_AREA, Column("deputy", "副手", "deputy"), Column("has_deputy", "有副手", "has a deputy")),
        value=_deputy_coverage,
        rows=_deputy_rows,
    ),
    Measure(
        name="areas_required",
        zh="需要负责人的区域",
        en="areas that need a warden",
        form=Form.COUNT,
        columns=(*_AREA, Column("state", "状态", "state")),
        value=_areas_required,
        rows=_required_rows,
    ),
    Measure(
        name="gaps_open",
        zh="未补上的缺口",
        en="open gaps",
        form=Form.COUNT,
        columns=(
            Column("kind", "类型", "kind"),
            Column("subject", "对象", "subject"),
            Column("area", "区域", "area"),
            Column("name", "名称", "name"),
            Column("since", "起始", "since"),
            Column("owner", "负责补上", "owner"),
            Column("why", "原因", "why"),
        ),
        value=lambda scope: sum(count_gaps(scope.event, scope.area).values()),
        rows=_gap_rows,
    ),
    Measure(
        name="pairings",
        zh="结对包保",
        en="pairings",
        form=Form.COUNT,
        columns=(
            Column("organization", "单位", "organization"),
            Column("organization_name", "单位名称", "organization's name"),
            Column("area", "区域", "area"),
            Column("name", "名称", "name"),
            Column("duties", "承担事项", "duties"),
            Column("people", "派出人数", "people"),
            Column("since", "起始", "since"),
        ),
        value=lambda scope: list_pairings(scope.event, scope.area).order_by().count(),
        rows=_pairing_rows,
    ),
)
