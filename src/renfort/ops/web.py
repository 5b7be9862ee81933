"""The web server's settings (gunicorn, threads): figures in docs/operations.md, reasons in the design notes.

gunicorn reads the names below. The listening socket is the supervisor's: while a killed server is being replaced, connections
wait in its queue and none is refused.
"""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path

from renfort.config.env import environment
from renfort.ops.processes import die_with_parent

_settings = environment()
_parent = os.getpid()

worker_class = "gthread"
# one more than the cores: two connections may have come to one process while another has none
workers = _settings.web_workers or (os.cpu_count() or 1) + 1
threads = _settings.threads
preload_app = True  # one import for all: a killed process is back in milliseconds, and memory is shared
timeout = 60
graceful_timeout = 8
if _settings.proxies:
    # Requests wait in one queue, the socket's, until a process has a free thread: none waits behind a busy one while another is
    # idle (p95 of eight at once: a third less). The proxy keeps the visitors' connections.
    keepalive, worker_connections = 0, threads
else:
    keepalive = 5
loglevel = "warning"
proc_name = "renfort-web"
control_socket_disable = True  # it would write into the home folder
forwarded_allow_ips = "*" if _settings.proxies else "127.0.0.1"
if Path("/dev/shm").is_dir():  # noqa: S108 -- memory, so that a slow disk never looks like a dead process
    worker_tmp_dir = "/dev/shm"  # noqa: S108 -- idem


def post_fork(_server: object, _worker: object) -> None:
    """Let a web process end with its master, and open its own connections."""
    die_with_parent(signal.SIGTERM, parent=_parent)()
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.connection = None


def when_ready(_server: object) -> None:
    """Before the web processes are made: what all of them share is never looked through for garbage again, nor copied for that.

    A full collection took a tenth of a second, in the middle of somebody's page; a page makes tens of thousands of objects,
    which a collection every 700 looked at thirty times over: an eighth of its processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
