"""Identity providers for tests: a real one in a process of its own, and one of ours that can say anything."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from renfort.people.catalogue import ProviderSettings

HOST = "127.0.0.1"


@contextmanager
def real_provider() -> Iterator[str]:
    """oidc-provider-mock as a server process; its address."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port = listener.getsockname()[1]
    url = f"http://{HOST}:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-n", "true"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                httpx.get(f"{url}/.well-known/openid-configuration")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def settings_of(url: str, **facts: Any) -> ProviderSettings:
    """What the environment would say of a provider."""
    given = {"issuer": url, "client_id": "renfort", "client_secret": "s3cret:/+é", "name": "Gabriel", **facts}
    return ProviderSettings(**given)


def set_user(url: str, subject: str, **claims: Any) -> None:
    """Who somebody is for the real provider."""
    httpx.put(f"{url}/users/{subject}", json=claims).raise_for_status()


def answered(url: str, subject: str) -> str:
    """What the provider's page answers when this person says yes there: the address back."""
    return httpx.post(url, data={"sub": subject}).headers["location"]


class OurProvider:
    """A provider that signs what a test wants it to say, well or badly."""

    def __init__(self) -> None:
        self.keys = {"one": rsa.generate_private_key(public_exponent=65537, key_size=2048)}
        self.published = ["one"]
        self.signs_with, self.algorithm, self.named = "one", "RS256", "one"
        self.said: dict[str, Any] = {}
        self.token_status, self.token_body = 200, b""
        self.userinfo: dict[str, Any] = {}
        self.delay = 0.0
        self.asked: list[dict[str, str]] = []
        self.headers: dict[str, str] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                """The tests say what went wrong."""

            def do_GET(self) -> None:
                provider.answer(self, b"")

            def do_POST(self) -> None:
                provider.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        self.server = ThreadingHTTPServer((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        path = urlsplit(handler.path).path
        status, said = 200, b""
        if path.endswith("openid-configuration"):
            said = json.dumps({
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys", "userinfo_endpoint": f"{self.url}/userinfo",
            }).encode()  # fmt: skip
        elif path == "/keys":
            rows = [
                json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[name].public_key())) | {"kid": name, "use": "sig"}
                for name in self.published
            ]
            said = json.dumps({"keys": rows}).encode()
        elif path == "/token":
            time.sleep(self.delay)
            self.asked.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
            self.headers = dict(handler.headers)
            status = self.token_status
            said = (
                self.token_body or json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()}).encode()
            )
        elif path == "/userinfo":
            said = json.dumps(self.userinfo).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(said)))
        handler.end_headers()
        handler.wfile.write(said)

    def id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": "renfort", "sub": "ours", "iat": now, "exp": now + 300, **self.said}
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.keys.get(self.signs_with, self.signs_with)
        if self.algorithm == "none":
            key = None
        return jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": self.named})
