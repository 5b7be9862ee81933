"""What must always hold of invoices and payments (W11)."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="workshops.money.bills",
        sentence="Une facture acceptée s'élève à la somme de ses rétributions, ligne par ligne (W11).",
        sql="""
            SELECT b.id, b.excl, sum(l.amount) AS lines, sum(f.amount) AS fees FROM workshops_bill b
            LEFT JOIN workshops_billline l ON l.bill_id = b.id LEFT JOIN workshops_fee f ON f.id = l.fee_id
            WHERE b.state = 'accepted'
            GROUP BY b.id
            HAVING b.excl IS DISTINCT FROM sum(l.amount) OR b.excl IS DISTINCT FROM sum(f.amount)
                OR bool_or(l.amount <> f.amount OR f.payee_id <> b.facilitator_id)
        """,
    ),
    Check(
        name="workshops.money.once",
        sentence="Aucune rétribution n'est dans deux paiements en cours ou faits (W11).",
        sql="""
            SELECT l.fee_id, count(*) AS payments FROM workshops_billline l
            JOIN workshops_payment p ON p.bill_id = l.bill_id AND p.outcome IN ('pending', 'paid')
            GROUP BY l.fee_id
            HAVING count(*) > 1
        """,
    ),
    Check(
        name="workshops.money.paid",
        sentence="Une rétribution payée a un paiement fait, une rétribution facturée une facture acceptée (W11).",
        sql="""
            SELECT f.id, f.state, b.id AS bill, b.state AS bill_state FROM workshops_fee f
            LEFT JOIN workshops_billline l ON l.fee_id = f.id LEFT JOIN workshops_bill b ON b.id = l.bill_id
            WHERE (f.state IN ('invoiced', 'in_payment', 'paid', 'rejected') AND b.state IS DISTINCT FROM 'accepted')
               OR (f.state = 'paid' AND NOT EXISTS (
                       SELECT 1 FROM workshops_payment p WHERE p.bill_id = b.id AND p.outcome = 'paid'))
        """,
    ),
    Check(
        name="workshops.money.transfers",
        sentence="Un virement s'élève à la somme de ses paiements, et chaque paiement à celle de sa facture (W11).",
        sql="""
            SELECT t.id, t.total, sum(p.amount) AS payments FROM workshops_transfer t
            LEFT JOIN workshops_payment p ON p.transfer_id = t.id LEFT JOIN workshops_bill b ON b.id = p.bill_id
            GROUP BY t.id
            HAVING t.total IS DISTINCT FROM sum(p.amount) OR t.count <> count(p.id) OR bool_or(p.amount <> b.total)
        """,
    ),
    Check(
        name="workshops.money.numbers",
        sentence="Les numéros de factures se suivent sans trou, par personne payée et pour l'association (W11).",
        sql="""
            WITH used AS (
                SELECT series, sequence FROM workshops_bill WHERE series <> ''
                UNION ALL
                SELECT series, sequence FROM workshops_clientinvoice WHERE series <> ''
            )
            SELECT COALESCE(s.key, u.series) AS series, s.last, count(u.sequence) AS used, max(u.sequence) AS highest
            FROM used u FULL JOIN workshops_series s ON s.key = u.series
            WHERE COALESCE(s.key, u.series) NOT LIKE 'transfers:%'
            GROUP BY s.key, u.series, s.last
            HAVING s.last IS DISTINCT FROM count(u.sequence) OR s.last IS DISTINCT FROM max(u.sequence)
                OR min(u.sequence) IS DISTINCT FROM 1
        """,
    ),
)
