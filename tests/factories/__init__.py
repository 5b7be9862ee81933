"""People, organisations, missions and participations for tests: plain functions with sensible defaults.

What a test does not name does not matter to it. Rows are made as the demonstration makes them: inserted in the state asked for,
with the history that leads there, and without any e-mail.
"""

from __future__ import annotations

from tests.factories.missions import (
    book,
    complete_facts,
    domain,
    mission,
    mission_form,
    participation,
    reword_rules,
    rules_of,
    slot,
    turn,
)
from tests.factories.organisations import (
    actor,
    as_manager,
    as_operator,
    branch_invitation,
    delegation,
    draft,
    grant,
    invitation,
    join_request,
    manager,
    membership,
    merge,
    operator,
    organisation,
    referent,
    referent_invitation,
    supervisor,
    tutor,
    volunteer,
)
from tests.factories.people import account, client_of, person
from tests.factories.time import at, at_hour, days, today

__all__ = [
    "account",
    "actor",
    "as_manager",
    "as_operator",
    "at",
    "at_hour",
    "book",
    "branch_invitation",
    "client_of",
    "complete_facts",
    "days",
    "delegation",
    "domain",
    "draft",
    "grant",
    "invitation",
    "join_request",
    "manager",
    "membership",
    "merge",
    "mission",
    "mission_form",
    "operator",
    "organisation",
    "participation",
    "person",
    "referent",
    "referent_invitation",
    "reword_rules",
    "rules_of",
    "slot",
    "supervisor",
    "today",
    "turn",
    "tutor",
    "volunteer",
]
