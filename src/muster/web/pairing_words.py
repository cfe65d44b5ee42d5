"""What the picture of pairings says, and the address of each of its parts."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from muster.coverage.kinds import PairingState
from muster.coverage.queries import Flow, FlowNode, Grouping, Ribbon
from muster.coverage.queries.flow import ELSEWHERE, OTHERS
from muster.web.flow_picture import Said
from muster.web.words import say_organization

_CHOICES = ("source", "target", "pairing", "wanting", "page")


@dataclass(frozen=True)
class Chosen:
    """What is chosen on the screen of pairings, as its address says.

    Parameters
    ----------
    source, target
        Keys of the nodes that are chosen, empty for none; both are those of a ribbon.
    pairing_id
        Number of a single pairing.
    wanting
        Code of a community without an organization.
    """

    source: str
    target: str
    pairing_id: int | None
    wanting: str

    @property
    def is_part(self) -> bool:
        """Tell whether a part of the picture is chosen."""
        return bool(self.source or self.target)


def read_chosen(request: HttpRequest) -> Chosen:
    """Read what an address chooses."""
    number = request.GET.get("pairing", "")
    return Chosen(
        source=request.GET.get("source", ""),
        target=request.GET.get("target", ""),
        pairing_id=int(number) if number.isascii() and number.isdigit() else None,
        wanting=request.GET.get("wanting", ""),
    )


def link_to(request: HttpRequest, **choices: str | int) -> str:
    """Return an address of this screen that chooses something else and leaves everything else as it is."""
    params = request.GET.copy()
    for name in _CHOICES:
        params.pop(name, None)
    for name, value in choices.items():
        params[name] = str(value)
    return f"?{params.urlencode()}"


def say_grouping(grouping: Grouping) -> str:
    """Return by what organizations are put together."""
    return {
        Grouping.KIND: _("by kind"),
        Grouping.SEAT: _("by seat"),
        Grouping.EACH: _("each by itself"),
    }[grouping]


def name_source(node: FlowNode, grouping: Grouping) -> str:
    """Return the name of who sends."""
    if node.key == OTHERS:
        return _("other organizations")
    if node.key == ELSEWHERE:
        return _("seated elsewhere")
    return say_organization(node.key) if grouping == Grouping.KIND else node.name


class PairingWords:
    """The words of one flow on one screen."""

    def __init__(self, request: HttpRequest, flow: Flow, chosen: Chosen) -> None:
        self._request = request
        self._flow = flow
        self._chosen = chosen
        self._sources = {node.key: name_source(node, flow.grouping) for node in flow.sources}
        self._targets = {node.key: node.name for node in flow.targets}

    def name_sender(self, key: str) -> str:
        """Return the name of who sends."""
        return self._sources[key]

    def source(self, node: FlowNode) -> Said:
        """Say who sends: how many people, and how many are left."""
        parts = [_say_people(node.people)] if node.people else []
        parts += [_("%(count)s left") % {"count": f"{node.rest:,}"}] if node.rest else []
        is_chosen = self._chosen.source == node.key and not self._chosen.target
        return Said(self._sources[node.key], " · ".join(parts), link_to(self._request, source=node.key), is_chosen)

    def target(self, node: FlowNode) -> Said:
        """Say who receives: how many people from how many pairings, and who still waits."""
        parts = [_say_people(node.people)] if node.people else []
        if not self._flow.is_single and node.pairings:
            parts.append(say_pairings(node.pairings))
        if node.waiting:
            parts.append(_("wants %(count)s") % {"count": f"{node.rest:,}"})
        is_chosen = self._chosen.target == node.key and not self._chosen.source
        is_wanting = self._flow.is_single and node.waiting and not node.pairings
        choice = {"wanting": node.key} if is_wanting else {"target": node.key}
        return Said(
            node.name,
            " · ".join(parts),
            link_to(self._request, **choice),
            is_chosen or self._chosen.wanting == node.key,
        )

    def shortest(self, node: FlowNode) -> str:
        """Say what presses most about who receives: who is wanted, or else who comes."""
        if node.waiting:
            return _("wants %(count)s") % {"count": f"{node.rest:,}"}
        return _say_people(node.people)

    def ribbon(self, ribbon: Ribbon) -> Said:
        """Say what a ribbon is; a single pairing is chosen by its number."""
        ends = f"{self._sources[ribbon.source]} → {self._targets[ribbon.target]}"
        parts = [ends, _say_people(ribbon.people)]
        if ribbon.pairings > 1:
            parts.append(say_pairings(ribbon.pairings))
        parts.append(str(PairingState(ribbon.state).label))
        if ribbon.pairing_id is not None:
            choice: dict[str, str | int] = {"pairing": ribbon.pairing_id}
        else:
            choice = {"source": ribbon.source, "target": ribbon.target}
        return Said(ends, " · ".join(parts), link_to(self._request, **choice), self._is_chosen(ribbon))

    def _is_chosen(self, ribbon: Ribbon) -> bool:
        chosen = self._chosen
        if chosen.pairing_id is not None:
            return chosen.pairing_id == ribbon.pairing_id
        if not chosen.is_part:
            return False
        return chosen.source in {"", ribbon.source} and chosen.target in {"", ribbon.target}


def _say_people(count: int) -> str:
    return _("%(count)s people") % {"count": f"{count:,}"}


def say_pairings(count: int) -> str:
    """Return a number of pairings."""
    return ngettext("%(count)s pairing", "%(count)s pairings", count) % {"count": f"{count:,}"}
