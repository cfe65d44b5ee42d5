"""Instances drawn by seed, in the text format and with the statistics of the public shift-scheduling benchmark.

Contracts, abilities, days off, runs of requests and demand follow what its instances show; the sizes are those of
the benchmark's larger instances, so that a solver can be tuned to their kind without having seen them.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import numpy as np

SIZES = {
    "8": (28, 30, 4),
    "12": (28, 60, 10),
    "13": (28, 120, 18),
    "14": (42, 32, 4),
    "15": (42, 45, 6),
    "17": (56, 32, 4),
    "18": (84, 22, 3),
    "19": (84, 40, 5),
    "20": (182, 50, 6),
    "21": (182, 100, 8),
    "22": (364, 50, 10),
    "23": (364, 100, 16),
    "24": (364, 150, 32),
}
BANDS = "adpn"
LONGEST_WITH_CAPS = 84
HALF_TIME, THREE_OFF, FULL_TIME = 0.6, 0.88, 1.0
Rows = list[str]


class Draw:
    """One instance as it is drawn.

    Parameters
    ----------
    size
        Days, people and shift types.
    tightness
        Demand as a share of what all people may work at most.
    seed
        Seed.
    """

    def __init__(self, size: tuple[int, int, int], tightness: float, seed: int) -> None:
        self.n_days, self.n_people, n_types = size
        self.tightness = tightness
        self.rng = np.random.default_rng(seed)
        n_bands = min(len(BANDS), max(2, n_types // 2)) if n_types > 1 else 1
        self.band = np.sort(np.arange(n_types) % n_bands)
        self.types = [f"{BANDS[band]}{i}" for i, band in enumerate(self.band)]
        has_long_nights = n_bands == len(BANDS) and self.rng.random() < 0.4
        self.minutes = np.where((self.band == 3) & has_long_nights, 600, 480)
        self.able = self._abilities()
        self.most_minutes = np.zeros(self.n_people, np.int64)

    def _abilities(self) -> np.ndarray:
        able = self.rng.random((self.n_people, len(self.types))) < 0.68
        able[np.arange(self.n_people), self.rng.integers(len(self.types), size=self.n_people)] = True
        return able

    def shifts(self) -> Rows:
        """Draw the shift types: no earlier band on the day after a later one."""
        earlier = ["|".join(np.array(self.types)[self.band < band]) for band in self.band]
        return [f"{name},{m},{before}" for name, m, before in zip(self.types, self.minutes, earlier, strict=True)]

    def staff(self) -> Rows:
        """Draw contracts in groups, caps on nights, and caps of half the days on a late type."""
        rows = []
        weeks, slack_min = self.n_days / 7, int(self.rng.choice([720, 1200]))
        has_half_caps, n_groups = self.rng.random() < 0.2, max(2, self.n_people // 15)
        groups = [self._group() for _ in range(n_groups)]
        for p in range(self.n_people):
            share, run, least_run, off, weekends = groups[min(n_groups - 1, p * n_groups // self.n_people)]
            self.most_minutes[p] = round(weeks * 4.4 * share) * 480 + (0 if p % 3 else 240)
            caps = "|".join(f"{t}={self._cap(p, i, has_half_caps)}" for i, t in enumerate(self.types))
            most, n_weekends = self.most_minutes[p], int(weeks * weekends)
            rows.append(f"P{p},{caps},{most},{most - slack_min},{run},{least_run},{off},{n_weekends}")
        return rows

    def _group(self) -> tuple[float, int, int, int, float]:
        if self.rng.random() < 0.7:
            run = int(self.rng.choice([5, 5, 6]))
            has_long_rests = run == 6 and self.rng.random() < 0.5
            return (THREE_OFF, 6, 2, 3, 0.5) if has_long_rests else (FULL_TIME, run, 2, 2, 0.5)
        return HALF_TIME, 5, int(self.rng.choice([1, 2])), int(self.rng.choice([1, 2])), 0.75

    def _cap(self, p: int, i: int, has_half_caps: bool) -> int:
        if not self.able[p, i]:
            return 0
        if self.band[i] == 3 and self.n_days <= LONGEST_WITH_CAPS:
            return max(1, self.n_days // 7)
        is_half = has_half_caps and self.band[i] == 2 and self.n_days <= LONGEST_WITH_CAPS
        return self.n_days // 2 if is_half else self.n_days

    def days_off(self) -> Rows:
        """Draw about one day off in ten, in runs of up to a week."""
        rows = []
        for p in range(self.n_people):
            wanted, days = max(2, self.n_days // 10), set[int]()
            while len(days) < wanted:
                length = min(wanted - len(days), int(self.rng.integers(1, 8)))
                first = int(self.rng.integers(self.n_days - length + 1))
                days.update(range(first, first + length))
            rows.append(f"P{p}," + ",".join(map(str, sorted(days))))
        return rows

    def requests(self, per_week: float) -> Rows:
        """Draw requests: runs of one to five days of one type, each run of one weight from 1 to 3."""
        rows = []
        for p in range(self.n_people):
            taken: set[int] = set()
            types = np.flatnonzero(self.able[p])
            for _ in range(self.rng.poisson(per_week * self.n_days / 7 / 3)):
                first, length = int(self.rng.integers(self.n_days)), int(self.rng.integers(1, 6))
                s, weight = self.types[int(self.rng.choice(types))], int(self.rng.integers(1, 4))
                days = [d for d in range(first, min(self.n_days, first + length)) if d not in taken]
                taken.update(days)
                rows += [f"P{p},{d},{s},{weight}" for d in days]
        return rows

    def cover(self) -> Rows:
        """Draw the demand: types of different sizes, each scattered by about one around its mean."""
        sizes = self.rng.choice([1.0, 1.0, 2.0], len(self.types))
        sizes = sizes * self.able.mean(axis=0)
        mean = sizes / (sizes * self.minutes).sum() * self.tightness * self.most_minutes.sum() / self.n_days
        rows = []
        for day in range(self.n_days):
            drawn = np.maximum(0, np.rint(self.rng.normal(mean, 1.0))).astype(int)
            rows += [f"{day},{t},{n},100,1" for t, n in zip(self.types, drawn, strict=True)]
        return rows


def draw_instance(size: tuple[int, int, int], *, tightness: float, seed: int) -> str:
    """Draw an instance of so many days, people and shift types; return it as text."""
    draw = Draw(size, tightness, seed)
    sections = {
        "HORIZON": [str(draw.n_days)],
        "SHIFTS": draw.shifts(),
        "STAFF": draw.staff(),
        "DAYS_OFF": draw.days_off(),
        "SHIFT_ON_REQUESTS": draw.requests(1.2),
        "SHIFT_OFF_REQUESTS": draw.requests(0.55),
        "COVER": draw.cover(),
    }
    return "\n\n".join("\n".join([f"SECTION_{name}", *rows]) for name, rows in sections.items()) + "\n"


def main() -> None:
    """Draw instances and write them into a folder, one file for each number."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("numbers", nargs="*", metavar="NUMBER", help=f"sizes to draw: {' '.join(SIZES)} (default: all)")
    parser.add_argument("--tightness", type=float, default=0.92)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for number in given.numbers or SIZES:
        text = draw_instance(SIZES[number], tightness=given.tightness, seed=given.seed)
        (given.folder / f"Instance{number}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
