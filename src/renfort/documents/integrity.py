"""What must always hold of the papers."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        "documents.file",
        "Chaque document valable a son fichier et son empreinte (P5).",
        "SELECT id, code, file FROM documents_paper WHERE state = 'valid' AND (file = '' OR size = 0 OR digest = '')",
    ),
    Check(
        "documents.history",
        "L'état de chaque document est celui de sa dernière ligne d'historique (P3).",
        """
            SELECT p.id, p.state, e.after FROM documents_paper p
            LEFT JOIN LATERAL (
                SELECT after FROM audit_entry
                WHERE model = 'documents.paper' AND object_id = p.id AND after <> '' ORDER BY id DESC LIMIT 1
            ) e ON true
            WHERE p.state IS DISTINCT FROM e.after
        """,
    ),
)
