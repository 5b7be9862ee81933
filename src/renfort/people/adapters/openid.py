"""OpenID Connect, as a confidential client: the code flow with PKCE, state and nonce, and the ID token verified (S1).

OpenID Connect Core 1.0 (3.1, 5.3), Discovery 1.0, RP-Initiated Logout 1.0, RFC 7636. The provider publishes its addresses and
keys; both are kept for ten minutes, and the keys are read anew when a token is signed with one that is not known. A userinfo
answer may be JSON or a signed token (ProConnect). Whatever goes wrong (slow, dripping, 5xx, redirected, garbage, a token that
does not hold) ends in one of two sentences for the person, never in an error page.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import logging
import socket
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from renfort.people.catalogue import ProviderSettings
from renfort.people.services.identities import Attempt, Claims, Proof, ProofRefused, ProviderSilent
from renfort.territories.adapters.national import Breaker

WITHIN = 5.0  # seconds for one answer: a person waits for it
LARGEST = 256 * 1024
KEPT = 600.0  # seconds
AGAIN = 30.0  # seconds before the keys are read anew for a token signed with an unknown one
LEEWAY = 60  # seconds between two clocks
OK = 200
# signatures that the provider alone can make; what the shared secret makes, or « none », is not believed
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")

log = logging.getLogger(__name__)


class WrongAnswerError(Exception):
    """The provider answered 4xx, or something that is not in its documented form."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the provider says of itself (Discovery 1.0, 3)."""

    authorize: str
    token: str
    keys: str
    userinfo: str = ""
    end: str = ""
    takes_basic: bool = True
    issuer_in_answer: bool = False


class OpenIdProvider:
    """The adapter."""

    is_on = True

    def __init__(self, chosen: ProviderSettings) -> None:
        self._chosen = chosen
        self.name = chosen.name
        self._breaker = Breaker()
        self._lock = Lock()
        self._published: tuple[float, Published] | None = None
        self._keys: tuple[float, dict[str, Any]] | None = None

    # ── the three things one asks of it ───────────────────────────────────────────────────────────
    def begin(self, attempt: Attempt, back: str) -> str:
        """The address to which the browser is sent.

        Raises:
            ProviderSilent: it does not answer.
        """
        there = self._there()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._chosen.client_id,
            "redirect_uri": back,
            "scope": self._chosen.scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return with_query(there.authorize, asked)

    def finish(self, attempt: Attempt, code: str, back: str) -> Proof:
        """Exchange the code, verify the ID token, and read who it is.

        Raises:
            ProviderSilent: it does not answer.
            ProofRefused: it refuses the code, or what it answers does not hold.
        """
        there = self._there()
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": attempt.verifier}
        headers = {}
        if there.takes_basic:
            pair = f"{quote(self._chosen.client_id, safe='')}:{quote(self._chosen.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            given |= {"client_id": self._chosen.client_id, "client_secret": self._chosen.client_secret}
        try:
            tokens = as_object(self._ask(there.token, form=given, headers=headers))
            id_token = tokens["id_token"]
            said = self._verified(str(id_token), there)
            if said.get("nonce") != attempt.nonce:
                raise WrongAnswerError("another nonce")
            said = self._completed(said, str(tokens.get("access_token") or ""), there)
        except (WrongAnswerError, jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            log.warning("the identity provider's answer was refused: %s: %s", type(error).__name__, error)
            raise ProofRefused(type(error).__name__) from None
        return Proof(claims=self._claims(said), id_token=str(id_token))

    def end(self, id_token: str, back: str) -> str:
        """Where to sign out of it too (RP-Initiated Logout 1.0), "" when it has no such page or says nothing now."""
        try:
            there = self._there()
        except ProviderSilent:
            return ""
        if not there.end:
            return ""
        asked = {"id_token_hint": id_token, "client_id": self._chosen.client_id, "post_logout_redirect_uri": back}
        return with_query(there.end, asked)

    # ── what it publishes ─────────────────────────────────────────────────────────────────────────
    def _there(self) -> Published:
        with self._lock:
            if self._published is not None and self._published[0] > monotonic():
                return self._published[1]
        url = self._chosen.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            found = as_object(self._ask(url))
            if str(found["issuer"]).rstrip("/") != self._chosen.issuer.rstrip("/"):
                raise WrongAnswerError("another issuer")  # Discovery 1.0, 4.3
            methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            there = Published(
                authorize=self._address(found["authorization_endpoint"]),
                token=self._address(found["token_endpoint"]),
                keys=self._address(found["jwks_uri"]),
                userinfo=self._address(found["userinfo_endpoint"]) if found.get("userinfo_endpoint") else "",
                end=self._address(found["end_session_endpoint"]) if found.get("end_session_endpoint") else "",
                takes_basic="client_secret_basic" in methods,
            )
        except (WrongAnswerError, KeyError, TypeError, ValueError) as error:
            log.warning("the identity provider does not publish what it should: %s: %s", type(error).__name__, error)
            raise ProviderSilent(type(error).__name__) from None
        with self._lock:
            self._published = (monotonic() + KEPT, there)
        return there

    def _address(self, said: Any) -> str:
        """An address of the provider; as safe as the issuer's own.

        Raises:
            WrongAnswerError: it is none.
        """
        parts = urlsplit(str(said))
        wanted = urlsplit(self._chosen.issuer).scheme
        if not parts.hostname or parts.scheme not in ("https", wanted):
            raise WrongAnswerError("no address")
        return str(said)

    def _key(self, token: str, there: Published) -> tuple[Any, str]:
        """The published key that signed a token, and its algorithm; the token says which, the key says with what.

        Raises:
            WrongAnswerError: no published key did.
        """
        head = jwt.get_unverified_header(token)
        name, algorithm = head.get("kid"), head.get("alg")
        if algorithm not in ALGORITHMS:
            raise WrongAnswerError(f"algorithm {algorithm}")
        for fresh in (False, True):
            usable = [
                each
                for each in self._key_set(there, fresh=fresh)
                if (name is None or each.key_id == name) and each.algorithm_name in (algorithm, None)
                and each.public_key_use in ("sig", None)
            ]  # fmt: skip
            if len(usable) == 1:
                return usable[0].key, str(algorithm)
        raise WrongAnswerError("no published key signed it")

    def _key_set(self, there: Published, *, fresh: bool) -> list[jwt.PyJWK]:
        with self._lock:
            kept = self._keys
        now = monotonic()
        if kept is None or kept[0] + (AGAIN if fresh else KEPT) < now:
            kept = (now, as_object(self._ask(there.keys)))
            with self._lock:
                self._keys = kept
        found = []
        for each in kept[1].get("keys") or []:
            with suppress(jwt.PyJWTError, TypeError, KeyError, ValueError, AttributeError):  # a kind that is not known here
                found.append(jwt.PyJWK(each))
        return found

    def _verified(self, token: str, there: Published, *, is_userinfo: bool = False) -> dict[str, Any]:
        """What a signed token says, once everything about it holds (Core 1.0, 3.1.3.7).

        Raises:
            WrongAnswerError, jwt.PyJWTError: something does not.
        """
        key, algorithm = self._key(token, there)
        said: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            audience=self._chosen.client_id,
            issuer=[self._chosen.issuer, self._chosen.issuer.rstrip("/"), self._chosen.issuer.rstrip("/") + "/"],
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "sub"] if is_userinfo else ["iss", "aud", "sub", "exp", "iat"]},
        )
        if isinstance(said["aud"], list) and len(said["aud"]) > 1 and said.get("azp") != self._chosen.client_id:
            raise WrongAnswerError("for another client")
        if not str(said["sub"]).strip():
            raise WrongAnswerError("no subject")
        return said

    def _completed(self, said: dict[str, Any], access: str, there: Published) -> dict[str, Any]:
        """With what the userinfo page adds, when the token does not say everything; it must speak of the same person (5.3.2)."""
        wanted = [self._chosen.email_attribute, self._chosen.key_attribute, self._chosen.first_name_attribute]
        if not there.userinfo or not access or all(said.get(each) for each in wanted if each):
            return said
        body = self._ask(there.userinfo, headers={"Authorization": f"Bearer {access}"})
        is_token = body[:2] == b"ey"
        more = self._verified(body.decode("ascii", "replace"), there, is_userinfo=True) if is_token else as_object(body)
        if more.get("sub") != said["sub"]:
            raise WrongAnswerError("the userinfo is somebody else's")
        return more | said

    def _claims(self, said: Mapping[str, Any]) -> Claims:
        chosen = self._chosen
        email = text_of(said, chosen.email_attribute, 254).lower()
        return Claims(
            issuer=chosen.issuer.rstrip("/"),
            subject=text_of(said, "sub", 255),
            email=email if email.count("@") == 1 else "",
            is_verified=said.get("email_verified") in (True, "true") or chosen.vouches,
            first_name=text_of(said, chosen.first_name_attribute, 80),
            last_name=text_of(said, chosen.last_name_attribute, 80),
            key=text_of(said, chosen.key_attribute or "sub", 60),
        )

    # ── the wire ──────────────────────────────────────────────────────────────────────────────────
    def _ask(self, url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """One question, that can be given up. Redirections are not followed: they would carry the secret elsewhere.

        Raises:
            ProviderSilent: no answer in time, or it is ill.
            WrongAnswerError: it answered 4xx.
        """
        if not self._breaker.lets_through():
            raise ProviderSilent("left alone for a while")
        try:
            call = Call(url, form, headers or {})
            Thread(target=call.run, name="identity-provider", daemon=True).start()
            body = call.result()
        except WrongAnswerError:
            self._breaker.worked()
            raise
        except (ProviderSilent, ValueError, RuntimeError) as error:
            if self._breaker.failed():
                log.warning("the identity provider is left alone for a while: %s", error)
            raise ProviderSilent(str(error)) from None
        self._breaker.worked()
        return body


class Call:
    """One question, in a thread of its own: no name look-up and no dripping server holds the one who waits."""

    def __init__(self, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        self._connection = (
            http.client.HTTPSConnection(host, parts.port, timeout=WITHIN, context=ssl.create_default_context())
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port, timeout=WITHIN)
        )
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._body = None if form is None else urlencode(form).encode()
        self._headers = {"Accept": "application/json", "User-Agent": "Renfort", **headers}
        if form is not None:
            self._headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._done = Event()
        self._answer = b""
        self._error: Exception | None = ProviderSilent("no answer in time")

    def run(self) -> None:
        """Ask and read; every failure is kept for the one who waits."""
        ends = monotonic() + WITHIN
        try:
            self._connection.request("GET" if self._body is None else "POST", self._path, body=self._body, headers=self._headers)
            with closing(self._connection.getresponse()) as response:
                self._answer = self._read(response, ends)
            self._error = None
        except (ProviderSilent, WrongAnswerError) as error:
            self._error = error
        except Exception as error:
            self._error = ProviderSilent(f"{type(error).__name__}: {error}")
        finally:
            self._done.set()
            with suppress(Exception):
                self._connection.close()

    def _read(self, response: http.client.HTTPResponse, ends: float) -> bytes:
        if response.status // 100 == 4:  # noqa: PLR2004 -- the family of 4xx
            raise WrongAnswerError(f"status {response.status}")
        if response.status != OK:
            raise ProviderSilent(f"status {response.status}")
        body = b""
        while chunk := response.read1(16_384):
            body += chunk
            if len(body) > LARGEST:
                raise ProviderSilent("too long an answer")
            if monotonic() > ends:
                raise ProviderSilent("no answer in time")
        if response.length:
            raise ProviderSilent("the answer was cut off")
        return body

    def result(self) -> bytes:
        """The body of the answer.

        Raises:
            ProviderSilent, WrongAnswerError: what ``run`` met, or nothing in time.
        """
        if not self._done.wait(WITHIN):
            with suppress(Exception):  # wakes the thread, which then ends
                self._connection.sock.shutdown(socket.SHUT_RDWR)
            raise ProviderSilent("no answer in time")
        if self._error is not None:
            raise self._error
        return self._answer


def with_query(url: str, asked: Mapping[str, str]) -> str:
    """An address with further questions."""
    return url + ("&" if "?" in url else "?") + urlencode(asked)


def as_object(body: bytes) -> dict[str, Any]:
    """A JSON object.

    Raises:
        WrongAnswerError: it is none.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise WrongAnswerError("no JSON") from None
    if not isinstance(found, dict):
        raise WrongAnswerError("no JSON object")
    return found


def text_of(said: Mapping[str, Any], name: str, longest: int) -> str:
    """An attribute as one line of plain text, "" when it is none or too long to be kept whole."""
    value = said.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    line = " ".join("".join(char if char.isprintable() else " " for char in value).split())
    return line if len(line) <= longest else ""
