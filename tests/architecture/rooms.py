"""The rooms and their order, read from where import-linter reads them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def _contract(wanted: str) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["id"] == wanted)


def heights() -> dict[str, int]:
    """Return how high each room lies: 0 for the lowest, the same for rooms beside each other."""
    layers = [line.replace("(", "").replace(")", "").split(" | ") for line in _contract("rooms")["layers"]]
    return {room: height for height, rooms in enumerate(reversed(layers)) for room in rooms}


def rooms_with_topics() -> set[str]:
    """Return the rooms in which the order of topics is enforced."""
    return {name.removeprefix("muster.") for name in _contract("topics")["containers"]}


def models_hidden_from_screens() -> set[str]:
    """Return the rooms whose models no screen may import."""
    forbidden = _contract("screens-never-see-models")["forbidden_modules"]
    return {name.removeprefix("muster.").removesuffix(".models") for name in forbidden}
