"""Keys, one after the other.

Textual hands a key to the widget that has the focus when the key arrives, and looks up bindings when the widget has
passed it on. Keys that arrive together, as over a slow connection, would therefore reach the widget that had the focus
before the first of them moved it. Here each one waits until those before it are dealt with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from textual.app import App
from textual.events import Key
from textual.message_pump import MessagePump

PATIENCE = 0.5
"""Seconds that a key may take before the next one is dealt with all the same."""


class KeyQueue:
    """Deals with keys in the order in which they came; `handle` is what an app does with one."""

    def __init__(self, app: App[None], handle: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._handle = handle
        self._waiting: asyncio.Queue[Key] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def put(self, key: Key) -> None:
        """Have `key` dealt with after those before it."""
        self._waiting.put_nowait(key)

    def begin(self) -> None:
        """Deal with those that wait and those to come. Called on the event loop, in the app's context."""
        self._task = asyncio.create_task(self._work(), name="keys")

    def stop(self) -> None:
        """Drop what is waiting."""
        if self._task is not None:
            self._task.cancel()

    async def _work(self) -> None:
        while True:
            key = await self._waiting.get()
            try:
                path = self._path()
                await self._handle(key)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._dealt_with(path), PATIENCE)
            except Exception as error:
                self._app._handle_exception(error)
                return

    def _path(self) -> list[MessagePump]:
        """Where a key goes: from the widget that has the focus up to the app."""
        here = self._app.focused or self._app.screen
        return [*here.ancestors_with_self] if here.is_attached else [self._app]

    @staticmethod
    async def _dealt_with(path: list[MessagePump]) -> None:
        for pump in path:
            passed = asyncio.Event()
            if pump.call_later(passed.set):
                await passed.wait()
