"""How the gaps of an emergency move on: the clocks as they are set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.clocks.kinds import GapKind
from muster.clocks.models import ClockLeg, ClockRule, ClockRun
from muster.clocks.queries.gaps import read_office_rank
from muster.clocks.rules import WARDEN_RANK, Clock, Leg, Waking, read_waking
from muster.clocks.rules.defaults import DEFAULTS
from muster.emergencies.models import Emergency
from muster.kernel.clock import CITY_ZONE
from muster.messages.queries import list_quiet_spans_of
from muster.territory.models import Level

WARDEN = ""
"""Stands for the warden where others are named by the slug of their level."""


@dataclass(frozen=True, slots=True)
class ClockSetting:
    """The clock of a kind as it is set.

    Parameters
    ----------
    kind, opens_after_min, may_wait, hold_min
        As in ``ClockRule``.
    minutes
        After how many it reaches the warden (an empty slug) and the office of each level, by slug; what is not
        there it passes by.
    """

    kind: GapKind
    opens_after_min: int
    may_wait: bool
    hold_min: int
    minutes: Mapping[str, int]


def get_opening_delay(emergency: Emergency, kind: GapKind) -> timedelta:
    """Get how long after a place became empty it is a gap; what comes sooner is none yet.

    Parameters
    ----------
    emergency, kind
        Whose clocks, and which of them: of a post after the start of its shift, of a need after it was raised.
    """
    rule = ClockRule.objects.filter(emergency=emergency, kind=kind).values_list("opens_after_min", flat=True).first()
    return timedelta(minutes=DEFAULTS[kind].opens_after_min if rule is None else rule)


def list_clock_settings(emergency: Emergency) -> list[ClockSetting]:
    """List the clocks of an emergency as they are set, in the order of the kinds."""
    minutes: dict[int, dict[str, int]] = defaultdict(dict)
    legs = ClockLeg.objects.filter(rule__emergency=emergency).order_by("after_min")
    for rule_id, slug, after_min in legs.values_list("rule_id", "level__slug", "after_min"):
        minutes[rule_id][slug or WARDEN] = after_min
    rules = {rule.kind: rule for rule in ClockRule.objects.filter(emergency=emergency)}
    return [
        ClockSetting(kind, rule.opens_after_min, rule.may_wait, rule.hold_min, minutes[rule.pk])
        for kind in GapKind
        if (rule := rules.get(kind)) is not None
    ]


def read_clocks(emergency: Emergency) -> dict[str, Clock]:
    """Read the clocks of an emergency, by kind of gap."""
    ranks = {WARDEN: WARDEN_RANK, **dict(Level.objects.values_list("slug", "rank"))}
    return {
        setting.kind: Clock(
            legs=tuple(
                sorted(
                    (Leg(ranks[slug], timedelta(minutes=after_min)) for slug, after_min in setting.minutes.items()),
                    key=lambda leg: -leg.rank,
                )
            ),
            may_wait=setting.may_wait,
            hold=timedelta(minutes=setting.hold_min),
        )
        for setting in list_clock_settings(emergency)
    }


def read_emergency_waking(emergency: Emergency) -> Waking:
    """Read when what can wait is heard: outside the quiet hours of the emergency's area and of all above it."""
    return read_waking(list_quiet_spans_of(emergency.area), CITY_ZONE)


def list_office_levels(emergency: Emergency) -> list[Level]:
    """List the levels that have offices within an emergency, the lowest first."""
    top = emergency.area.level.rank
    return list(Level.objects.filter(rank__gte=top, rank__lte=max(read_office_rank(), top)).order_by("-rank"))


def find_last_pass(emergency: Emergency) -> datetime | None:
    """Find the real moment at which the clocks of an emergency last ran: none lately says that no worker runs."""
    return ClockRun.objects.filter(emergency=emergency).values_list("passed_at", flat=True).first()
