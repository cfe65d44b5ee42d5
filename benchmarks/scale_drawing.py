"""Draws what planning a city of ten million costs, what more workers save, and what would break first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from measuring import Row

COLORS = {"read_cpu_s": "#8a94a6", "plan_cpu_s": "#b3261e"}
WORDS = {"read_cpu_s": "read from the database", "plan_cpu_s": "choose and verify"}


def draw(rows: list[Row], limits: list[Row], whole: int, path: Path) -> None:
    """Draw three pictures side by side: cost of each county, the city over workers, limits against a country."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(15, 4.6), width_ratios=(1.2, 1, 1.2))
    _draw_counties(axes[0], [row for row in rows if row["what"] == "county"])
    _draw_workers(axes[1], [row for row in rows if "objective" in row])
    _draw_limits(axes[2], limits, whole)
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def _draw_counties(axes: Any, counties: list[Row]) -> None:
    sizes = [row["areas"] / 1000 for row in counties]
    for name, color in COLORS.items():
        axes.scatter(sizes, [row[name] for row in counties], s=36, color=color, label=WORDS[name])
    axes.set(title="Each district planned alone", xlabel="areas that need a warden, thousands")
    axes.set(ylabel="processor time, s", ylim=(0, None), xlim=(0, None))
    axes.grid(visible=True, alpha=0.25)
    axes.legend(frameon=False)


def _draw_workers(axes: Any, rows: list[Row]) -> None:
    names = [row["what"] for row in rows]
    longest = [row.get("longest_cpu_s", row["cpu_s"]) for row in rows]
    bars = axes.barh(names, longest, color="#b3261e", height=0.55)
    axes.bar_label(bars, fmt="%.1f s", padding=4)
    axes.invert_yaxis()
    axes.set(title="The whole city's choice", xlabel="processor time on the longest way, s")
    axes.margins(x=0.2)


def _draw_limits(axes: Any, limits: list[Row], whole: int) -> None:
    thousands = [row["communities"] / 1000 for row in limits]
    bars = axes.barh([row["limit"].replace(", ", ",\n") for row in limits], thousands, color="#8a94a6", height=0.5)
    axes.bar_label(bars, fmt="%.0f", padding=4)
    axes.axvline(whole / 1000, color="#b3261e", linewidth=1.5)
    axes.text(whole / 1000 * 0.98, 0, f"all of China:\n{whole / 1000:.0f}", ha="right", va="center", color="#b3261e")
    axes.invert_yaxis()
    axes.set(title="What breaks first, in one problem", xlabel="communities, thousands", xlim=(0, whole / 1000 * 1.1))
