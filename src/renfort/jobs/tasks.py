"""The clock: what becomes due, jobs whose worker died, and what is kept no longer than needed."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from renfort.jobs import services
from renfort.jobs.services import exports, imports
from renfort.kernel.clock import FIRST, every
from renfort.kernel.firing import fire_due


@every("* * * * *", name=services.FIRE_DUE, priority=FIRST)
def fire_what_is_due(now: datetime) -> int:
    """Perform every transition that is due; returns how many. A missed night is made up for, once."""
    return fire_due(now)


# without a lock: a rescue that died with its worker must not keep the next rescue from starting
@app.periodic(cron="* * * * *")
@app.task(name="jobs.rescue", queueing_lock="jobs.rescue", priority=FIRST)
async def rescue(timestamp: int) -> None:
    """Give jobs of dead workers back to the living."""
    await services.rescue_stalled_jobs()


@app.periodic(cron="20 3 * * *")
@app.task(name="jobs.forget_finished", queueing_lock="jobs.forget_finished")
async def forget_finished_jobs(timestamp: int) -> None:
    """Remove jobs that ended more than a week ago."""
    await services.forget_finished_jobs()


@every("*/10 * * * *", name="jobs.forget_spent")
def forget_spent(now: datetime) -> None:
    """Remove the counts of limits that are full again: nobody is remembered longer than the limit's own time (P10)."""
    services.forget_spent()


@every("40 3 * * *", name="jobs.clean")
def clean(now: datetime) -> None:
    """Remove old form tokens, expired sessions and expired cache rows."""
    services.forget_old_tokens()
    services.forget_expired_sessions()
    services.forget_expired_cache(now)


@every("* * * * * */10", name=exports.MAKE)
def make_exports(now: datetime) -> int:
    """Make the files that wait, and those whose worker died: one at a time, so that the other work goes on beside."""
    return exports.make_due(now)


@every("7,37 * * * *", name="jobs.remove_exports")
def remove_exports(now: datetime) -> None:
    """Remove the files whose day is over (P10)."""
    exports.remove_expired(now)


@every("* * * * * */10", name=imports.CARRY)
def carry_imports(now: datetime) -> int:
    """Write what was confirmed, and go on with what a dead worker began."""
    return imports.carry_due(now)


@every("50 3 * * *", name="jobs.forget_imports")
def forget_imports(now: datetime) -> None:
    """Remove drafts that nobody confirmed, and what ended a month ago (P10)."""
    imports.forget_imports(now)
