"""Children that never outlive us: started, watched, restarted, stopped (P12).

A child is asked to end by the kernel when its parent dies, however that happens (``PR_SET_PDEATHSIG``), so that ``kill -9`` of
the supervisor leaves nothing running. Each has a session of its own: Ctrl C reaches the supervisor alone, which stops them in
order.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from renfort.ops.accounts import SystemAccount

PR_SET_PDEATHSIG = 1
FIRST_DELAY, LONGEST_DELAY, HEALTHY_AFTER = 0.2, 10.0, 30.0
_libc = ctypes.CDLL(None, use_errno=True)

Pause = Callable[[float], None]
"""Waits so many seconds; may raise to abandon what waits (a signal came)."""


def die_with_parent(wanted: signal.Signals, parent: int = 0) -> Callable[[], None]:
    """What a child runs before its program, to receive ``wanted`` when its parent (this process, or the one named) ends."""
    parent = parent or os.getpid()

    def before_program() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(wanted), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return before_program


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str],
    last_signal: signal.Signals = signal.SIGTERM,
    account: SystemAccount | None = None,
    output: IO[bytes] | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a program that ends with us.

    Args:
        command: the program and its arguments.
        environment: its whole environment.
        last_signal: what it receives when we die.
        account: the account to drop to, with an own folder of no importance (``/``).
        output: where its output goes; ours when None.
        pass_fds: file descriptors that it inherits.
    """
    return subprocess.Popen(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        cwd="/" if account else None,
        preexec_fn=die_with_parent(last_signal),  # noqa: PLW1509 -- this process has one thread
    )


def stop(process: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """End a process with a ladder of signals, each with its patience in seconds; SIGKILL comes after the last."""
    for wanted, patience in (*signals, (signal.SIGKILL, 5.0)):
        if process.poll() is not None:
            return
        process.send_signal(wanted)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


@dataclass
class Child:
    """A long-lived child: started again, a little later each time, when it dies."""

    title: str
    start: Callable[[], subprocess.Popen[bytes]]
    signals: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    _born: float = field(default=0.0, repr=False)
    _not_before: float = field(default=0.0, repr=False)

    def watch(self) -> str:
        """Start it when it is due; note its death.

        Returns:
            A sentence when it has just died, else nothing.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self._not_before:
                self.process = self.start()
                self._born = time.monotonic()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.process = None
        self.failures = 1 if now - self._born > HEALTHY_AFTER else self.failures + 1
        delay = min(FIRST_DELAY * 2 ** (self.failures - 1), LONGEST_DELAY)
        self._not_before = now + delay
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
        return f"{self.title} : arrêt inattendu ({how}), redémarrage dans {delay:.1f} s."

    def end(self) -> None:
        """Stop it for good."""
        if self.process is not None:
            stop(self.process, self.signals)
            self.process = None
