"""What ``renfort run`` says when everything answers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import psycopg

from renfort.config.env import Environment

DEMO_DOMAIN, DEMO_PASSWORD = "@demo.test", "renfort-demo"


def address(settings: Environment) -> str:
    """The address to open in a browser."""
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 -- compared, not bound
    return settings.base_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def greeting(settings: Environment, variables: Mapping[str, str]) -> str:
    """« Prêt », the address and, in demonstration mode, the accounts to try it with.

    Args:
        settings: those of the environment.
        variables: what the children got.
    """
    lines = [f"Prêt : {address(settings)}"]
    if variables["RENFORT_DEMO"] == "1" and (accounts := _demo_accounts(variables["DATABASE_URL"])):
        lines.append(f"Comptes de démonstration (mot de passe : {DEMO_PASSWORD}) :")
        lines += [f"  {email}" for email in accounts]
    if not settings.database_url:
        lines.append("Base de données intégrée : pour essayer et développer. En production, indiquez DATABASE_URL.")
    lines.append("Ctrl C arrête tout.")
    return "\n".join(lines)


def _demo_accounts(url: str) -> list[str]:
    """The named demo accounts that exist, one a role; asked in SQL because the supervisor carries no Django.

    The crowd of the demonstration has numbers in its addresses.
    """
    query = "SELECT email FROM people_account WHERE email ~ %s ORDER BY id"
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return [email for (email,) in connection.execute(query, ["^[a-z-]+" + re.escape(DEMO_DOMAIN) + "$"])]
    except psycopg.Error:
        return []
