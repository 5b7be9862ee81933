"""Read the next rows while the last ones are being written: the database works beside us instead of being waited for."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from typing import Any, TypeVar

from django.db import connection, connections
from django.utils import translation

T = TypeVar("T")
END: Any = object()
PATIENCE = 0.2  # seconds between two looks at whether somebody still listens


@contextmanager
def ahead(things: Generator[T, None, None] | Iterator[T]) -> Iterator[Iterator[T]]:
    """Yield the same things, each made in a thread while the one before is used: one in hand, one ready, one in the making.

    The thread has our database connection meanwhile, and alone: whoever uses the things asks nothing of the database until
    the end. What goes wrong in the thread is raised where its thing would have come; leaving early ends the thread first.
    """
    ready: Queue[Any] = Queue(maxsize=1)
    leaving, language = threading.Event(), translation.get_language() or "fr"
    shared = connections["default"]

    def put(thing: Any) -> bool:
        while not leaving.is_set():
            try:
                ready.put(thing, timeout=PATIENCE)
            except Full:
                continue
            return True
        return False

    def make() -> None:
        connections["default"] = shared
        try:
            with translation.override(language):
                for thing in things:
                    if not put((thing, None)):
                        break
                put((END, None))
        except BaseException as error:  # it is raised to whoever waits
            put((END, error))
        finally:
            close = getattr(things, "close", None)
            if close is not None:
                close()  # the server-side cursor with it
            del connections["default"]

    def taken() -> Iterator[T]:
        while True:
            try:
                thing, error = ready.get(timeout=PATIENCE)
            except Empty:
                continue
            if error is not None:
                raise error
            if thing is END:
                return
            yield thing

    connection.inc_thread_sharing()
    thread = threading.Thread(target=make, name="renfort-reading", daemon=True)
    thread.start()
    try:
        yield taken()
    finally:
        leaving.set()
        thread.join()
        connection.dec_thread_sharing()
