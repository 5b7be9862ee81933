"""The worker: jobs and the clock (decision 18)."""

from __future__ import annotations

import asyncio


def work(concurrency: int) -> None:
    """Do jobs and periodic tasks until SIGTERM or SIGINT; the running job is finished first.

    Args:
        concurrency: jobs at once.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    async def forever() -> None:
        async with app.open_async():
            await app.run_worker_async(concurrency=concurrency, install_signal_handlers=True, name="renfort")

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError(type(connector))
    with app.replace_connector(connector.get_worker_connector()):
        asyncio.run(forever())
