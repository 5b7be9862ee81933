"""Verbs on persons, accounts and intents."""

from renfort.people.services.accounts import (
    SignUp,
    confirm,
    forget_unconfirmed,
    make_account,
    set_language,
    settle,
    sign_up,
)
from renfort.people.services.addresses import (
    AddressTaken,
    LinkDead,
    ask_address,
    change_address,
    drop_address,
    forget_old_changes,
    take_address_back,
)
from renfort.people.services.intents import (
    Performed,
    Wish,
    forget_old_intents,
    forget_wish,
    keep_intent,
    keep_wish,
    perform,
    remember,
    wish_of,
)
from renfort.people.services.letters import (
    tell_again,
    tell_confirm,
    tell_known,
    tell_password_changed,
    tell_password_lost,
    tell_unknown,
)
from renfort.people.services.pictures import drop_picture, put_picture
from renfort.people.services.profile import PersonFacts, edit_person, join_reserve
from renfort.people.services.sessions import end_session, end_sessions, note_session, session_lives

__all__ = [
    "AddressTaken",
    "LinkDead",
    "Performed",
    "PersonFacts",
    "SignUp",
    "Wish",
    "ask_address",
    "change_address",
    "confirm",
    "drop_address",
    "drop_picture",
    "edit_person",
    "end_session",
    "end_sessions",
    "forget_old_changes",
    "forget_old_intents",
    "forget_unconfirmed",
    "forget_wish",
    "join_reserve",
    "keep_intent",
    "keep_wish",
    "make_account",
    "note_session",
    "perform",
    "put_picture",
    "remember",
    "session_lives",
    "set_language",
    "settle",
    "sign_up",
    "take_address_back",
    "tell_again",
    "tell_confirm",
    "tell_known",
    "tell_password_changed",
    "tell_password_lost",
    "tell_unknown",
    "wish_of",
]
