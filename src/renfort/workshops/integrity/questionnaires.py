"""What must always hold of questionnaires and replies (W7)."""

from __future__ import annotations

from renfort.kernel.integrity import Check, register

register(
    Check(
        name="workshops.replies",
        sentence="Chaque réponse est celle de l'édition envoyée, pour la session de la personne, question par question (W7).",
        sql="""
            SELECT r.id, a.id AS answer FROM workshops_reply r
            LEFT JOIN workshops_survey s ON s.id = r.survey_id
            LEFT JOIN workshops_registration p ON p.id = s.registration_id
            LEFT JOIN workshops_answer a ON a.reply_id = r.id
            LEFT JOIN workshops_question q ON q.id = a.question_id
            WHERE s.edition_id <> r.edition_id OR p.session_id <> r.session_id OR q.edition_id <> r.edition_id
        """,
    ),
    Check(
        name="workshops.replies_forgotten",
        sentence="Aucune réponse n'est liée à une personne deux jours après la fermeture de son questionnaire (W7, P10).",
        sql="""
            SELECT r.id, s.closes_at FROM workshops_reply r JOIN workshops_survey s ON s.id = r.survey_id
            WHERE s.closes_at < now() - interval '2 days'
        """,
    ),
    Check(
        name="workshops.editions_sent",
        sentence="Rien n'a été envoyé d'un brouillon de questionnaire (W7).",
        sql="""
            SELECT s.id, e.id AS edition FROM workshops_survey s JOIN workshops_edition e ON e.id = s.edition_id
            WHERE e.published_at IS NULL
        """,
    ),
)
