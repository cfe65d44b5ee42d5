"""What all benchmarks share: the machine, a child process with a limit, and results with a date."""

from __future__ import annotations

import csv
import json
import os
import platform
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def describe_machine() -> Row:
    """Tell the processor's model, the number of cores, and the versions of what is compared."""
    models = [line.split(":", 1)[1].strip() for line in _cpu_lines() if line.startswith("model name")]
    versions = {}
    for name in ("numba", "numpy", "ortools", "highspy"):
        versions[name] = __import__("importlib.metadata").metadata.version(name)
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        **versions,
    }


def _cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def cpu_s() -> float:
    """Return the processor time of this process and its children so far."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (0, resource.RUSAGE_CHILDREN)))


def peak_mib() -> float:
    """Return the most memory that this process has held.

    Asked of the kernel by name where it can be: what `getrusage` tells a child begins with its parent's peak.
    """
    path = Path("/proc/self/status")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return (peaks[0] if peaks else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024


def children_peak_mib() -> float:
    """Return the most memory that any child that has ended held."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def run_child(script: str, arguments: list[str], limit_s: float) -> Row:
    """Run a benchmark script as a child and read its last line as JSON; say so if it runs out of time."""
    command = [sys.executable, script, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=True)
    except subprocess.TimeoutExpired:
        return {"status": f"none in {limit_s:.0f} s"}
    except subprocess.CalledProcessError as error:
        return {"status": f"failed: {error.stderr.strip().splitlines()[-1:]}"}
    return json.loads(done.stdout.strip().splitlines()[-1])


def write_results(folder: Path, name: str, rows: list[Row], **settings: Any) -> Path:
    """Write rows as CSV, and as JSON with machine, settings and date; return the JSON's path."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)
    record = {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine(),
        "settings": settings,
        "rows": rows,
    }
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return path


def format_table(rows: list[Row]) -> str:
    """Lay rows out as a table for the terminal."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [columns, *[[_format(row.get(column)) for column in columns] for row in rows]]
    widths = [max(len(line[k]) for line in cells) for k in range(len(columns))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)


def _format(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
