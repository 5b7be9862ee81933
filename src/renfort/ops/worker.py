"""The worker: jobs and the clock (decision 18)."""

from __future__ import annotations

import asyncio

PATIENCE = 5  # seconds to reach the database: without it a worker whose database is gone would take half a minute to end


def work(concurrency: int) -> None:
    """Do jobs and periodic tasks until SIGTERM or SIGINT; the running jobs are finished first.

    Args:
        concurrency: jobs at once.
    """
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params

    async def forever() -> None:
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency, install_signal_handlers=True, name="renfort", delete_jobs="successful"
            )

    connector = PsycopgConnector(kwargs=connector_params(), timeout=PATIENCE, min_size=1, max_size=concurrency + 2)
    with app.replace_connector(connector):
        asyncio.run(forever())
