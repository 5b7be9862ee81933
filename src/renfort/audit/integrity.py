"""What must hold of the history, shown by recomputing its seals (P3, design decision 17)."""

from __future__ import annotations

from typing import Any

from django.db import connection

from renfort.audit.selectors import BEFORE_ALL, digest_sql
from renfort.kernel.integrity import Check, register
from renfort.kernel.workflow import Workflow

# each seal with what stands before it in the chain
CHAIN = f"""
SELECT seal.*, lag(seal.last_id, 1, '{BEFORE_ALL}'::bigint) OVER chain AS after_id,
    lag(seal.digest, 1, '') OVER chain AS before_digest
FROM audit_seal AS seal WINDOW chain AS (ORDER BY seal.id)
"""  # noqa: S608 -- our own SQL, no value comes from outside
# each seal with what its stretch of the history holds now
RECOMPUTED = f"""
SELECT seal.id, seal.first_id, seal.last_id, seal.count AS sealed, found.count AS found, seal.digest, found.digest AS found_digest
FROM ({CHAIN}) AS seal CROSS JOIN LATERAL (
    SELECT count(*) AS count, {digest_sql(previous="seal.previous")} AS digest
    FROM audit_entry AS entry WHERE entry.id > seal.after_id AND entry.id <= seal.last_id
) AS found
"""  # noqa: S608 -- our own SQL, no value comes from outside

FENCES = """
SELECT wanted.tbl AS table_name, wanted.name AS trigger_name
FROM (VALUES ('audit_entry', 'append_only'), ('audit_entry', 'no_truncate'), ('audit_seal', 'append_only'),
             ('audit_seal', 'no_truncate'),
             ('audit_contactview', 'append_only'), ('audit_contactview', 'no_truncate')) AS wanted (tbl, name)
WHERE NOT EXISTS (
    SELECT FROM pg_trigger WHERE tgrelid = to_regclass(wanted.tbl) AND tgname = wanted.name AND tgenabled IN ('O', 'A')
)
"""
STATES = """
SELECT '{model}' AS model, o.id, o.state, e.after FROM {table} AS o LEFT JOIN LATERAL (
    SELECT after FROM audit_entry WHERE model = '{model}' AND object_id = o.id AND after <> '' ORDER BY id DESC LIMIT 1
) AS e ON true WHERE o.state IS DISTINCT FROM coalesce(e.after, '{initial}')
    AND NOT (e.after IS NULL AND o.state = ANY (%s))
"""


def _states_without_history() -> list[dict[str, Any]]:
    """The objects of every life cycle whose state is not that of their last line of history.

    Without a line of their own (a slot is made in its mission's history) they can only be as they were made, or adopted.
    """
    found = []
    with connection.cursor() as cursor:
        for name, workflow in sorted(Workflow.registry.items()):
            table = workflow.model_class()._meta.db_table
            text = STATES.format(model=name, table=table, initial=str(workflow.initial))
            cursor.execute(text, [[str(state) for state in workflow.adopted]])
            columns = [column.name for column in cursor.description or []]
            found += [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


register(
    Check(
        "history.states",
        "L'état de chaque objet qui a un cycle de vie est celui de sa dernière ligne d'historique (P3).",
        find=_states_without_history,
    ),
    Check(
        "audit.chain",
        "Les sceaux de l'historique forment une chaîne sans trou.",
        f"SELECT id, first_id, last_id FROM ({CHAIN}) AS seal WHERE previous <> before_digest OR first_id <= after_id",  # noqa: S608 -- idem
    ),
    Check(
        "audit.missing",
        "Aucune entrée de l'historique n'a été retirée ni ajoutée après coup.",
        f"SELECT id, first_id, last_id, sealed, found FROM ({RECOMPUTED}) AS seal WHERE sealed <> found",  # noqa: S608 -- idem
    ),
    Check(
        "audit.changed",
        "Aucune entrée de l'historique n'a été modifiée : les sceaux recalculés sont ceux d'alors.",
        f"SELECT id, first_id, last_id FROM ({RECOMPUTED}) AS seal WHERE sealed = found AND digest IS DISTINCT FROM found_digest",  # noqa: S608 -- idem
    ),
    Check(
        "audit.fence",
        "L'historique et ses sceaux ne peuvent être ni modifiés ni effacés : leurs déclencheurs sont en place.",
        FENCES,
    ),
)
