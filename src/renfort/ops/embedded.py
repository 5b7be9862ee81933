"""The embedded database as the settings, the data folder and the machine lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from renfort.config.env import Environment, environment
from renfort.ops.accounts import server_account
from renfort.ops.cluster import APPLICATION, OWNER, Cluster, existing_majors
from renfort.ops.folder import AlreadyRunningError, DataFolder, data_folder
from renfort.ops.programs import find_programs


def cluster_of(folder: DataFolder, settings: Environment) -> Cluster:
    """The cluster of a data folder; nothing is started.

    Raises:
        ProgramsError: when there is no PostgreSQL to start it with.
    """
    folder.make_database_folder()
    programs = find_programs(settings.pgbin, existing_majors(folder.database))
    return Cluster(folder.database, programs, server_account())


def variables_of(folder: DataFolder, settings: Environment, cluster: Cluster | None) -> dict[str, str]:
    """What the settings leave to us: the addresses of the embedded database, the secret key, demonstration mode.

    Args:
        cluster: the embedded database, or None when DATABASE_URL names another.
    """
    demo = settings.demo if settings.demo is not None else cluster is not None and not settings.base_url
    values = {
        "RENFORT_DATA": str(folder.path),
        "RENFORT_DEMO": "1" if demo else "0",
        "RENFORT_SECRET_KEY": settings.secret_key or folder.secret_key(),
    }
    if cluster is not None:
        values |= {"DATABASE_URL": cluster.url(APPLICATION), "RENFORT_OWNER_DATABASE_URL": cluster.url(OWNER)}
    return values


@contextmanager
def embedded_database() -> Iterator[dict[str, str]]:
    """The embedded database for one command: that of a running ``renfort run``, else started for the time of the command.

    Yields:
        The environment variables that lead to it.
    """
    settings = environment()
    folder = data_folder(settings)
    cluster = cluster_of(folder, settings)
    try:
        with folder.hold(settings.port):
            cluster.create()
            cluster.start()
            try:
                yield variables_of(folder, settings, cluster)
            finally:
                cluster.stop()
            return
    except AlreadyRunningError:
        pass
    yield variables_of(folder, settings, cluster)
