"""Tells open screens what changed: one look at the database a process and half second, whoever many listen."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Self

from django.db import close_old_connections

from muster.access.standing import Standing, list_fallen
from muster.situation.live_changes import ChangeReader, Stir, Topic, stamp

HUB_KEY, LISTENER_KEY = "muster.hub", "muster.listener"
"""Where a page finds the hub of its process in the request's surroundings, and leaves whom the hub is to tell."""
LOOK_EVERY_S, LOOK_UNHEARD_EVERY_S = 0.5, 2.0
"""How often it is looked: while somebody listens, and while nobody does."""
CHECK_EVERY_S = 5.0
BEAT_EVERY_S = 15.0
REMEMBERED_S = 600.0
MOST_LISTENERS = 500
_RETRY_MS = 3000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What changed after a mark, and the mark up to which that holds.

    Parameters
    ----------
    mark
        Where to go on from.
    here
        Topics of what changed in the area that is looked at.
    around
        Topics of what changed in all that the actor sees around it.
    """

    mark: int
    here: frozenset[Topic]
    around: frozenset[Topic]

    def as_event(self) -> str:
        """Return it as an event of a stream."""
        return f"id: {self.mark}\nevent: changed\ndata: {self.as_json()}\n\n"

    def as_json(self) -> str:
        """Return it as text."""
        return json.dumps({"mark": self.mark, "here": sorted(self.here), "around": sorted(self.around)})


@dataclass(eq=False)
class Listener:
    """An open screen: what it looks at, by what right, and what it has yet to be told.

    Parameters
    ----------
    hub
        Who tells it.
    path, around
        Paths of the area that is looked at, and of the top of what the actor sees around it.
    standing
        What must go on standing for the stream to stay open.
    since
        The mark from which on it wants to know, None for the present.
    """

    hub: Hub
    path: str
    around: str
    standing: Standing
    since: int | None = None
    _untold: list[Stir] = field(default_factory=list)
    _mark: int = 0
    _is_over: bool = False

    def __enter__(self) -> Self:
        self._wake = asyncio.Event()
        self._mark = self.hub.mark
        self._untold += self.hub.list_since(self._mark if self.since is None else self.since)
        self.hub.listeners.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.hub.listeners.discard(self)

    def tell(self, mark: int, stirs: Iterable[Stir]) -> None:
        """Tell what was seen to have changed."""
        self._mark = mark
        mine = [stir for stir in stirs if stir.touches(self.around)]
        if mine:
            self._untold += mine
            self._wake.set()

    def end(self) -> None:
        """End the stream once what it waits to say is said."""
        self._is_over = True
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[str]:
        """Give what to write, one event after another; a beat where nothing happens."""
        yield f"retry: {_RETRY_MS}\nid: {self._mark}\nevent: open\ndata: {{}}\n\n"
        while not self._is_over:
            if self._untold:
                yield self._say()
                continue
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), BEAT_EVERY_S)
            except TimeoutError:
                yield f"id: {self._mark}\nevent: beat\ndata: {{}}\n\n"
        yield "event: over\ndata: {}\n\n"

    def _say(self) -> str:
        stirs, self._untold = self._untold, []
        return sum_up(stirs, self._mark, self.path, self.around).as_event()


def sum_up(stirs: Iterable[Stir], mark: int, path: str, around: str) -> Told:
    """Sum up what changed for whoever looks at an area, and sees another around it."""
    found = [stir for stir in stirs if stir.touches(around)]
    here = frozenset(stir.topic for stir in found if stir.touches(path))
    return Told(mark, here, frozenset(stir.topic for stir in found))


class Hub:
    """Looks for changes while its process serves, remembers them a while, and tells all who listen."""

    def __init__(self, reader: ChangeReader | None = None) -> None:
        self.listeners: set[Listener] = set()
        self.mark = 0
        self._began = 0
        self._reader = reader or ChangeReader()
        self._past: deque[tuple[int, frozenset[Stir]]] = deque()
        # A thread of its own, which keeps its connection to the database.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._task: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Tell whether nobody more can listen in this process."""
        return len(self.listeners) >= MOST_LISTENERS

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to look."""
        self._task = loop.create_task(self._look_on())

    def stop(self) -> None:
        """Look no more, and end every stream."""
        if self._task is not None:
            self._task.cancel()
        for listener in list(self.listeners):
            listener.end()

    def list_since(self, mark: int) -> list[Stir]:
        """List what changed after a mark; where that was before anybody looked, everything may have."""
        past = list(self._past)
        if not self._began or mark < self._began or (past and mark < past[0][0]):
            return [Stir(topic, "") for topic in Topic]
        return [stir for seen, stirs in past if seen > mark for stir in stirs]

    async def _look_on(self) -> None:
        loop = asyncio.get_running_loop()
        checked_s = loop.time()
        while True:
            try:
                stirs = await loop.run_in_executor(self._thread, self._read)
                self._take(stirs)
                if self.listeners and loop.time() - checked_s > CHECK_EVERY_S:
                    checked_s = loop.time()
                    await self._end_fallen(loop)
            except asyncio.CancelledError:
                raise
            except Exception:
                _log.exception("What changed could not be read; it is tried again.")
                self._forget()
            await asyncio.sleep(LOOK_EVERY_S if self.listeners else LOOK_UNHEARD_EVERY_S)

    def _read(self) -> frozenset[Stir]:
        # A connection that has died is let go of before it is used, as at the beginning of every request.
        close_old_connections()
        return self._reader.read()

    def _take(self, stirs: frozenset[Stir]) -> None:
        # Later than the look itself: whoever read a page before this mark may not have seen these changes.
        self.mark = stamp()
        if not self._began:
            self._began = self.mark
        if stirs:
            self._past.append((self.mark, stirs))
        while self._past and self._past[0][0] < self.mark - REMEMBERED_S * 1000:
            self._began = self._past.popleft()[0]
        for listener in list(self.listeners):
            listener.tell(self.mark, stirs)

    async def _end_fallen(self, loop: asyncio.AbstractEventLoop) -> None:
        listening = list(self.listeners)
        fallen = await loop.run_in_executor(self._thread, list_fallen, {each.standing for each in listening})
        for listener in listening:
            if listener.standing in fallen:
                listener.end()

    def _forget(self) -> None:
        """Begin anew after a failure: what happened meanwhile is not known, so that everything may have changed."""
        self._reader.forget()
        self._past.clear()
        self._began = 0
        for listener in list(self.listeners):
            listener.tell(self.mark, [Stir(topic, "") for topic in Topic])
