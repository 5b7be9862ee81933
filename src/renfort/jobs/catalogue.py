"""How often one may do what (P11): every limit of the site, on one page.

A limit lets ``most`` requests through at once, then one every ``seconds / most``: nobody who was refused waits for a whole
period, and nobody gets twice the number around the turn of an hour. A refused request costs nothing more.

By network they are wide on purpose: a whole town hall, school or prefecture sits behind one IPv4 address. What guards a
password or a mailbox is counted by account or by the address typed. Reading pages is not limited at all: it costs 20 ms, and
an evening's crowd behind one Wi-Fi is what the site is for; against floods there is the proxy in front.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MINUTE, HOUR = 60, 3600


class Per(StrEnum):
    """What is counted. An IPv6 network is a /64; somebody not signed in is counted by network instead of by account."""

    NETWORK = "network"
    ACCOUNT = "account"
    TYPED = "typed"  # the e-mail address in the form, whoever typed it
    TYPED_HERE = "typed_here"  # the same, from one network


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit. ``what``: what it counts, for docs/limits.md.

    ``views``: the middleware counts what is sent to them; other limits are counted by the view itself. ``reads``: GET counts
    too, and a refusal is JSON: for addresses that a page's script asks.
    """

    name: str
    what: str
    per: Per
    most: int
    seconds: int
    views: tuple[str, ...] = ()
    reads: bool = False


# ── sign-in: what was right is given back, so that only failures add up ───────────────────────────
SIGN_IN_HERE = Limit(name="sign-in-here", what="wrong passwords for one address", per=Per.TYPED_HERE, most=5, seconds=5 * MINUTE)
SIGN_IN_TYPED = Limit(
    name="sign-in-typed", what="wrong passwords for one address, from anywhere", per=Per.TYPED, most=50, seconds=HOUR
)
SIGN_IN_NETWORK = Limit(
    name="sign-in-network", what="wrong passwords for whatever address", per=Per.NETWORK, most=200, seconds=20 * MINUTE
)
PASSWORD = Limit(
    name="password", what="wrong present passwords, where it is asked again", per=Per.ACCOUNT, most=5, seconds=5 * MINUTE
)

# a school's staff arrives together on the first morning; each sign-in is a departure and a return
IDENTITY = Limit(
    name="identity", what="departures to the identity provider, and returns from it", per=Per.NETWORK, most=1200, seconds=HOUR
)

# ── accounts, and the e-mails that anybody may have sent ──────────────────────────────────────────
SIGN_UP = Limit(name="sign-up", what="sign-ups", per=Per.NETWORK, most=600, seconds=HOUR)
LINK_TYPED = Limit(name="link-typed", what="« mot de passe oublié »", per=Per.TYPED, most=5, seconds=5 * MINUTE)
LINK_NETWORK = Limit(
    name="link-network", what="« mot de passe oublié », « nouveau lien »", per=Per.NETWORK, most=300, seconds=HOUR
)
CONFIRMATION = Limit(
    name="confirmation", what="e-mails that confirm; silently, the page says the same", per=Per.TYPED, most=1, seconds=3 * MINUTE
)
NEW_ADDRESS = Limit(name="new-address", what="changes of address asked for", per=Per.ACCOUNT, most=5, seconds=HOUR)

# ── what one does on the site ─────────────────────────────────────────────────────────────────────
APPLY = Limit(name="apply", what="« proposer mon aide »", per=Per.ACCOUNT, most=60, seconds=HOUR)
APPLY_UNKNOWN = Limit(
    name="apply-unknown", what="« proposer mon aide » before having an account", per=Per.NETWORK, most=600, seconds=HOUR
)
VERIFY = Limit(
    name="verify", what="codes of documents that do not exist, on the page that verifies them", per=Per.NETWORK, most=60,
    seconds=10 * MINUTE,
)  # fmt: skip
VERIFY_FILE = Limit(name="verify-file", what="files of documents compared", per=Per.NETWORK, most=120, seconds=10 * MINUTE)
MISSION = Limit(name="mission", what="missions created", per=Per.ACCOUNT, most=120, seconds=HOUR)

# ── a calendar program asks by itself, each hour or so; its address cannot be guessed, and nobody need try ──
CALENDAR = Limit(name="calendar", what="readings of one person's calendar", per=Per.TYPED, most=120, seconds=HOUR)
CALENDAR_UNKNOWN = Limit(
    name="calendar-unknown", what="readings of calendars that do not exist", per=Per.NETWORK, most=600, seconds=HOUR
)
PICTURE = Limit(name="picture", what="pictures of oneself and logos uploaded", per=Per.ACCOUNT, most=20, seconds=HOUR)

LIMITS = (
    SIGN_IN_HERE,
    SIGN_IN_TYPED,
    SIGN_IN_NETWORK,
    PASSWORD,
    IDENTITY,
    SIGN_UP,
    LINK_TYPED,
    LINK_NETWORK,
    CONFIRMATION,
    NEW_ADDRESS,
    APPLY,
    APPLY_UNKNOWN,
    VERIFY,
    VERIFY_FILE,
    MISSION,
    # one request every few seconds of typing, in several tabs
    Limit(
        name="autosave",
        what="forms of missions kept while they are typed",
        per=Per.ACCOUNT,
        most=1200,
        seconds=10 * MINUTE,
        views=("missions:mission-keep", "missions:mission-edit-keep"),
        reads=True,
    ),
    CALENDAR,
    CALENDAR_UNKNOWN,
    PICTURE,
    Limit(
        name="export",
        what="files asked for",
        per=Per.ACCOUNT,
        most=60,
        seconds=HOUR,
        views=("missions:host-missions-export", "missions:host-participations-export", "workshops:participants-export"),
    ),
    Limit(
        name="import",
        what="files brought in, and lines invited one by one",
        per=Per.ACCOUNT,
        most=60,
        seconds=HOUR,
        views=(
            "organisations:branch-import",
            "organisations:branch-invite",
            "workshops:participants-import",
            "civic_service:directory-file",
        ),
    ),
    Limit(
        name="directory",
        what="« relire maintenant » of the directory",
        per=Per.ACCOUNT,
        most=20,
        seconds=HOUR,
        views=("civic_service:directory-ask", "civic_service:directory-ask-one"),
    ),
    # six phones of one account, each row of three hundred tapped and taken back, and what waited sent again
    Limit(
        name="marks",
        what="marks of attendance, and people added at the door",
        per=Per.ACCOUNT,
        most=6000,
        seconds=HOUR,
        views=("workshops:roll-call-mark", "workshops:roll-call-marks", "workshops:roll-call-add"),
    ),
    # three hundred people of one room sit behind one address, and some type twice
    Limit(
        name="self-entry",
        what="« je suis là », by the code of a room",
        per=Per.NETWORK,
        most=1200,
        seconds=HOUR,
        views=("workshops:self-entry",),
    ),
    Limit(
        name="proof",
        what="compliance documents sent",
        per=Per.ACCOUNT,
        most=40,
        seconds=HOUR,
        views=("workshops:proof-send",),
    ),
    Limit(
        name="bill",
        what="invoices that payees send",
        per=Per.ACCOUNT,
        most=40,
        seconds=HOUR,
        views=("workshops:own-bill-send",),
    ),
    Limit(
        name="organisation",
        what="organisations registered, and requests to join one",
        per=Per.ACCOUNT,
        most=60,
        seconds=HOUR,
        views=("organisations:alike", "organisations:place"),
    ),
    Limit(
        name="invitations",
        what="invitations sent to a team or to lead a session, or sent again",
        per=Per.ACCOUNT,
        most=60,
        seconds=HOUR,
        views=("organisations:invite", "organisations:invitation-act", "workshops:session-invite"),
    ),
    # each list is read before it leaves, and wrong lines come back: several requests for one list
    Limit(
        name="participants",
        what="lists of participants read or invited",
        per=Per.ACCOUNT,
        most=120,
        seconds=HOUR,
        views=("workshops:participants-invite",),
    ),
    # a whole company behind one address opens the link on the same morning
    Limit(
        name="participation",
        what="enrolments by the link of a session, and answers of participants",
        per=Per.NETWORK,
        most=600,
        seconds=HOUR,
        views=("workshops:join", "workshops:participation", "workshops:participation-act"),
    ),
    Limit(
        name="certificate-again",
        what="certificates sent to participants again",
        per=Per.ACCOUNT,
        most=300,
        seconds=HOUR,
        views=("workshops:certificate-again",),
    ),
    # a whole school answers at once behind one address
    Limit(
        name="survey",
        what="questionnaires answered or refused by a participant's link",
        per=Per.NETWORK,
        most=1200,
        seconds=HOUR,
        views=("workshops:after-survey", "workshops:after-refuse"),
    ),
    Limit(
        name="password-new",
        what="new passwords sent with a link",
        per=Per.NETWORK,
        most=200,
        seconds=10 * MINUTE,
        views=("people:password-new",),
    ),
    Limit(name="demo", what="one-click sign-ins", per=Per.NETWORK, most=600, seconds=10 * MINUTE, views=("people:demo-sign-in",)),
    # forty people filling a form at once in one room are ten requests a second
    Limit(
        name="suggestions",
        what="suggestions while typing",
        per=Per.NETWORK,
        most=6000,
        seconds=10 * MINUTE,
        views=("territories:suggest", "territories:addresses"),
        reads=True,
    ),
)
