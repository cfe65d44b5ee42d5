"""What screens, exports and measures ask about posts, shifts and duties."""

from muster.duty.queries.calendars import (
    PersonDuty,
    PostShift,
    get_post,
    list_person_duties,
    list_post_shifts,
)
from muster.duty.queries.cover import CoverCandidate, list_cover, weigh_holder
from muster.duty.queries.fairness import (
    HOURS_BIN,
    Change,
    FairnessView,
    Load,
    Spread,
    get_fairness,
    get_load,
    read_loads,
    read_span_loads,
)
from muster.duty.queries.fitness import find_rules_broken, find_unfit
from muster.duty.queries.outline import (
    PostKey,
    RosterOutline,
    RosterSpan,
    find_carriers,
    list_person_rows,
    list_pool,
    list_post_rows,
    read_outline,
)
from muster.duty.queries.posts import (
    POST_COLUMNS,
    PostLine,
    list_post_kinds,
    list_posts_for_export,
    list_shift_patterns,
)
from muster.duty.queries.reach import Hindrance, Pair, find_hindrances, list_open_shifts
from muster.duty.queries.rest import RestViolation, count_rest_violations, find_rest_violations
from muster.duty.queries.roster import (
    DutyCell,
    PatternWords,
    PersonRow,
    PostRow,
    RosterView,
    ShiftCell,
    list_roster,
)
from muster.duty.queries.spans import get_rest_limits
from muster.duty.queries.today import PostsOfKind, PostsToday, list_posts_today

__all__ = [
    "HOURS_BIN",
    "POST_COLUMNS",
    "Change",
    "CoverCandidate",
    "DutyCell",
    "FairnessView",
    "Hindrance",
    "Load",
    "Pair",
    "PatternWords",
    "PersonDuty",
    "PersonRow",
    "PostKey",
    "PostLine",
    "PostRow",
    "PostShift",
    "PostsOfKind",
    "PostsToday",
    "RestViolation",
    "RosterOutline",
    "RosterSpan",
    "RosterView",
    "ShiftCell",
    "Spread",
    "count_rest_violations",
    "find_carriers",
    "find_hindrances",
    "find_rest_violations",
    "find_rules_broken",
    "find_unfit",
    "get_fairness",
    "get_load",
    "get_post",
    "get_rest_limits",
    "list_cover",
    "list_open_shifts",
    "list_person_duties",
    "list_person_rows",
    "list_pool",
    "list_post_kinds",
    "list_post_rows",
    "list_post_shifts",
    "list_posts_for_export",
    "list_posts_today",
    "list_roster",
    "list_shift_patterns",
    "read_loads",
    "read_outline",
    "read_span_loads",
    "weigh_holder",
]
