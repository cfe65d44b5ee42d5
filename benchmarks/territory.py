"""How long subtree aggregates take on a territory of two million areas.

Run as ``MUSTER_DATA=/some/empty/folder python benchmarks/territory.py [--areas 2000000]``; with
``DATABASE_URL`` it measures PostgreSQL instead of SQLite. Prints one JSON line for each kind of question:
median and 95th percentile in milliseconds over random areas of each level.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muster.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count, Sum  # noqa: E402

from muster.kernel.clock import real_now  # noqa: E402
from muster.territory import queries  # noqa: E402
from muster.territory.actions import create_areas  # noqa: E402
from muster.territory.kinds import AreaSpec  # noqa: E402
from muster.territory.models import Area  # noqa: E402

LEVELS = ("province", "city", "county", "township", "community", "compound", "building", "unit")
FAN_OUT = (1, 1, 13, 14, 20, 7, 12, 6)
"""Children of an area, level by level: a large city such as Wuhan."""


class Bench:
    """Whoever measures."""

    audit_id = None
    audit_name = "benchmark"


def specs(areas: int) -> Iterator[AreaSpec]:
    """Yield a tree of about so many areas, level by level."""
    scale = (areas / 2_090_000) ** (1 / 3)
    fans = [fan if place < 5 else max(1, round(fan * scale)) for place, fan in enumerate(FAN_OUT)]
    parents = [""]
    for level, fan in zip(LEVELS, fans, strict=True):
        codes = [f"{parent}{number:02d}" for parent in parents for number in range(fan)]
        for place, code in enumerate(codes):
            yield AreaSpec(level, code, code, parents[place // fan], households=12 if level == "unit" else None)
        parents = codes


def timed(question: Callable[[Area], object], areas: list[Area]) -> dict[str, float]:
    """Ask a question of each area and return the median and 95th percentile in milliseconds."""
    times_ms = []
    for area in areas:
        begun = time.perf_counter()
        question(area)
        times_ms.append((time.perf_counter() - begun) * 1000)
    return {"median_ms": round(statistics.median(times_ms), 2), "p95_ms": round(float(np.percentile(times_ms, 95)), 2)}


def count_live(area: Area) -> object:
    """Count areas and households beneath an area, per level, from the areas themselves."""
    return list(
        queries.beneath(area).order_by().values("level_id").annotate(areas=Count("pk"), doors=Sum("households"))
    )


def main() -> None:
    """Build the territory if it is not there, then measure."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=2_000_000)
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    begun = time.perf_counter()
    if not Area.objects.exists():
        create_areas(specs(arguments.areas), actor=Bench(), now=real_now())
    figures: dict[str, object] = {
        "database": connection.vendor,
        "areas": Area.objects.count(),
        "build_s": round(time.perf_counter() - begun, 1),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))
    random = np.random.default_rng(1)
    for level in LEVELS[:-1]:
        pks = list(Area.objects.filter(level__slug=level).values_list("pk", flat=True))
        chosen = random.choice(pks, size=min(30, len(pks)), replace=False)
        areas = [Area.objects.get(pk=pk) for pk in chosen.tolist()]
        row = {
            "level": level,
            "kept tallies": timed(lambda area: list(queries.list_tallies(area)), areas),
            "counted live": timed(count_live, areas),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    sys.exit(main())
