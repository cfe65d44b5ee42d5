"""What screens and exports ask of the needs, the doors and the watch duties."""

from muster.needs.queries.needs import list_needs, list_open_needs, list_waiting_steps

__all__ = ["list_needs", "list_open_needs", "list_waiting_steps"]
