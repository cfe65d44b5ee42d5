"""How the desk says names, ages, moments and shares in the two languages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from muster.clocks.kinds import GapKind
from muster.coverage.kinds import CoverageState, Exclusion, GapReason, PairingDuty, Remedy
from muster.duty.kinds import RestRule, Unfit
from muster.duty.queries import CoverCandidate
from muster.kernel.clock import CITY_ZONE
from muster.organizations.kinds import OrganizationKind
from muster.people.kinds import Ability, Restriction

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Bilingual(Protocol):
    """A row that carries its name in both languages."""

    @property
    def name_zh(self) -> str:
        """Chinese name."""

    @property
    def name_en(self) -> str:
        """English name."""


def is_chinese() -> bool:
    """Tell whether the desk speaks Chinese at the moment."""
    return (get_language() or "").startswith("zh")


def say_name(row: Bilingual) -> str:
    """Return a row's name in the language of the desk, or in the other where one is missing."""
    first, second = (row.name_zh, row.name_en) if is_chinese() else (row.name_en, row.name_zh)
    return first or second


def say_watched(detail: Mapping[str, Any]) -> str:
    """Return which watch duty was missed and at which door, from the detail of its gap; nothing for other gaps."""
    if "watch" not in detail:
        return ""
    first, second = ("name_zh", "name_en") if is_chinese() else ("name_en", "name_zh")
    name = detail.get(first) or detail.get(second) or detail["watch"]
    return " · ".join(filter(None, (name, detail.get("door"))))


def say_day(day: date) -> str:
    """Return a day: ``2月20日`` or ``20 Feb``."""
    return f"{day.month}月{day.day}日" if is_chinese() else f"{day.day} {MONTHS_EN[day.month - 1]}"


def say_full_day(day: date) -> str:
    """Return a day with its year: ``2020年2月20日`` or ``20 Feb 2020``."""
    return f"{day.year}年{say_day(day)}" if is_chinese() else f"{say_day(day)} {day.year}"


def say_weekday(day: date, *, is_short: bool = False) -> str:
    """Return the day of the week: ``周四`` or ``Thu``; short, ``四`` or ``Th``."""
    if is_chinese():
        return WEEKDAYS_ZH[day.weekday()] if is_short else f"周{WEEKDAYS_ZH[day.weekday()]}"
    return WEEKDAYS_EN[day.weekday()][: 2 if is_short else 3]


def say_moment(moment: datetime, now: datetime | None = None) -> str:
    """Return a local time, with its day when that is not today, and its year when that is another."""
    local = moment.astimezone(CITY_ZONE)
    clock = f"{local:%H:%M}"
    today = now.astimezone(CITY_ZONE).date() if now else None
    if local.date() == today:
        return clock
    day = say_day(local.date())
    if today and local.year != today.year:
        day = f"{local.year}年{day}" if is_chinese() else f"{day} {local.year}"
    return f"{day} {clock}"


def say_clock(moment: datetime) -> str:
    """Return the running clock's text: ``2月20日 周四 07:41``."""
    local = moment.astimezone(CITY_ZONE)
    return f"{say_day(local.date())} {say_weekday(local.date())} {local:%H:%M}"


def say_share(part: float, whole: float) -> str:
    """Return a share in percent with one decimal, cut and never rounded up: 100.0 means all."""
    if not whole:
        return "–"
    return f"{math.floor(part * 1000 / whole) / 10:.1f}"


def say_level(level: int) -> str:
    """Return a response level as its language writes it: ``二`` or ``2``."""
    return "零一二三四五六七八九"[level] if is_chinese() and 0 <= level < 10 else str(level)


def say_warden(level: Any) -> str:
    """Return what the warden of a level is called."""
    word: str = level.warden_zh if is_chinese() else level.warden_en
    return word or _("warden")


def list_end_reasons() -> list[tuple[str, str]]:
    """List the reasons for which somebody ends an appointment, by slug; words, never a diagnosis."""
    return [
        ("rest", _("needs rest")),
        ("ill", _("is ill")),
        ("moved", _("moved away")),
        ("other_duty", _("has another duty")),
        ("asked", _("asked to step down")),
    ]


def say_end_reason(slug: str) -> str:
    """Return the words of why an appointment ended."""
    own = {
        "replaced": _("replaced"),
        "plan": _("by a plan"),
        "stood_in": _("the deputy stood in"),
        "undone": _("taken back"),
    }
    return {**own, **dict(list_end_reasons())}.get(slug, slug)


def say_why(slug: str) -> str:
    """Return the words of a gap's reason, or the slug where it is a city's own."""
    rosters = {"on_duty": _("on duty elsewhere"), "no_people": _("nobody in the pool"), "free": _("somebody is free")}
    known = {
        **dict(GapReason.choices),
        **dict(Exclusion.choices),
        **dict(RestRule.choices),
        **dict(Unfit.choices),
        **rosters,
    }
    return str(known.get(slug, slug))


def say_broken(rule: str, found: int, limit: int) -> str:
    """Return the words of a rule of rest that a duty would break.

    Parameters
    ----------
    rule
        Its slug.
    found, limit
        What it would come to and what is allowed: minutes, days or nights, as the rule counts.
    """
    forms = {
        RestRule.REST: _("only %(found)s of rest, %(limit)s are the least"),
        RestRule.DAYS_IN_ROW: _("day %(found)s in a row, %(limit)s are the most"),
        RestRule.WEEK: _("%(found)s in the week, %(limit)s are the most"),
        RestRule.NIGHTS: _("%(found)s nights in four weeks, %(limit)s are the most"),
    }
    is_time = rule in {RestRule.REST, RestRule.WEEK}
    said = {
        name: _say_hours(max(amount, 0)) if is_time else str(amount)
        for name, amount in (("found", found), ("limit", limit))
    }
    return forms[RestRule(rule)] % said


def say_plan_step(step: str) -> str:
    """Return what a planner is doing."""
    words = {
        "read": _("Reading what stands"),
        "solve": _("Solving"),
        "place": _("Placing people on shifts"),
        "explain": _("Explaining what stays open"),
        "keep": _("Keeping the plan"),
    }
    return words.get(step, step)


def say_beside(one: CoverCandidate, holder: CoverCandidate) -> str:
    """Return how somebody who could take a duty stands beside whoever has it: hours, nights, weekends and way."""
    hours = round((one.week_min - holder.week_min) / 60)
    said = [
        _signed(hours, _("%(count)s h this week")),
        _signed(one.nights - holder.nights, _("%(count)s nights in four weeks")),
        _signed(one.weekends - holder.weekends, _("%(count)s weekends")),
    ]
    if one.distance_m is not None and holder.distance_m is not None:
        said.append(_signed(round((one.distance_m - holder.distance_m) / 1000, 1), _("%(count)s km of way")))
    return " · ".join(part for part in said if part) or _("the same load and way")


def _signed(difference: float, words: str) -> str:
    """Return a difference with its sign, in words; nothing where there is none."""
    return words % {"count": f"{difference:+g}".replace("-", "−")} if difference else ""


def _say_hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_("%(count)d h") % {"count": hours}]
    return " ".join([*parts, _("%(count)d min") % {"count": rest}] if rest else parts)


def list_why_lines(detail: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """Return the figures behind a gap's reason and what would close it, a line each.

    Parameters
    ----------
    detail
        As a gap keeps it.
    names
        Names of people by code; whoever is not in it is counted, not named.
    """
    people = detail.get("people")
    counted = detail.get("excluded") or (people if isinstance(people, dict) else {})
    lines = [" · ".join(f"{say_why(slug)} {count}" for slug, count in counted.items())] if counted else []
    if detail.get("areas"):
        lines.append(
            _("%(wanted)d places in %(areas)d areas compete for %(people)d people, who may take %(places)d")
            % {name: detail.get(name, 0) for name in ("wanted", "areas", "people", "places")}
        )
    return [*lines, *(_say_remedy(remedy, names) for remedy in detail.get("remedies", ()))]


def _say_remedy(remedy: dict[str, Any], names: Mapping[str, str]) -> str:
    slug, people = remedy.get("remedy", ""), remedy.get("people", ())
    words = str(dict(Remedy.choices).get(slug, slug))
    known = [names[code] for code in people if code in names]
    if known:
        return _("%(remedy)s: %(names)s") % {"remedy": words, "names": pgettext("list", ", ").join(known)}
    return words


def say_duty(slug: str) -> str:
    """Return the words of a duty that a paired organization takes over."""
    return str(dict(PairingDuty.choices).get(slug, slug))


def say_ability(slug: str) -> str:
    """Return the words of an ability or a restriction, or the slug where it is a city's own."""
    return str({**dict(Ability.choices), **dict(Restriction.choices)}.get(slug, slug))


def say_organization(kind: str) -> str:
    """Return the words of a kind of organization, or the city's own."""
    return str(dict(OrganizationKind.choices).get(kind, kind))


def say_cell(column: str, cell: str | float | None) -> str:
    """Return a cell of a measure in the words of the desk, by its column."""
    if isinstance(cell, int | float):
        return f"{cell:,}"
    if column == "why":
        return say_why(str(cell or ""))
    slugs = {
        "kind": {**dict(GapKind.choices), **dict(OrganizationKind.choices)},
        "state": dict(CoverageState.choices),
        "rule": dict(RestRule.choices),
        "duties": dict(PairingDuty.choices),
    }.get(column, {})
    text = str(cell or "")
    return " ".join(str(slugs.get(word, word)) for word in text.split(" ")) if slugs else text
