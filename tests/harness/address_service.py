"""A stand-in for the national address service: a real HTTP server on this machine that answers well, badly, slowly or never.

The answers have the form of ``GET https://data.geopf.fr/geocodage/search`` as IGN documents it (GeoJSON, 50 requests a second, an
HTML page with 429 above). They were not recorded by us: this project is built without a network. The properties of the addresses
of Cherbourg and Metz (names, nulls, ``banId``, ``_type`` and values) are those of answers of the real service that public
repositories keep in their tests and comments; the data is the Base Adresse Nationale's (Licence Ouverte 2.0). The others are
written after them, with points of our own communes.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


def feature(longitude: Any, latitude: Any, **properties: Any) -> dict[str, Any]:
    """One feature of an answer."""
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [longitude, latitude]}, "properties": properties}


CHERBOURG = feature(
    -1.650154, 49.640139, label="7 Rue de la Paix 50100 Cherbourg-en-Cotentin", score=0.9797345454545453, housenumber="7",
    id="50129_2638_00007", banId="d71baae1-79be-4e11-814c-471dc5668157", name="7 Rue de la Paix", postcode="50100",
    citycode="50129", oldcitycode="50173", x=364275.32, y=6959751.4, city="Cherbourg-en-Cotentin",
    oldcity="Équeurdreville-Hainneville", context="50, Manche, Normandie", type="housenumber", importance=0.77708,
    street="Rue de la Paix", _type="address",
)  # fmt: skip
METZ = feature(
    6.171141, 49.116845, type="housenumber", name="3 Rue Haute Pierre", label="3 Rue Haute Pierre 57000 Metz",
    street="Rue Haute Pierre", postcode="57000", citycode="57463", city="Metz", oldcitycode=None, oldcity=None,
    context="57, Moselle, Grand Est", importance=0.64075, housenumber="3", id="57463_3300_00003", banId=None, x=931453.96,
    y=6895429.96, score=0.9969, _type="address",
)  # fmt: skip
BORDEAUX = feature(
    -0.566435, 44.827112, label="12bis Rue du Hamel 33800 Bordeaux", score=0.97, housenumber="12bis", id="33063_4420_00012_bis",
    name="12bis Rue du Hamel", postcode="33800", citycode="33063", city="Bordeaux", context="33, Gironde, Nouvelle-Aquitaine",
    type="housenumber", importance=0.7, street="Rue du Hamel", _type="address",
)  # fmt: skip
BEGLES = feature(
    -0.5486, 44.8086, label="Bègles", score=0.96, id="33039", type="municipality", name="Bègles", postcode="33130",
    citycode="33039", city="Bègles", context="33, Gironde, Nouvelle-Aquitaine", municipality="Bègles", _type="address",
)  # fmt: skip
KNOWN = {"paix": CHERBOURG, "pierre": METZ, "hamel": BORDEAUX, "bègles": BEGLES}


def collection(*features: dict[str, Any], query: str = "") -> bytes:
    """A whole answer."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), "query": query}).encode()


@dataclass
class StandIn:
    """The running server. ``mood`` says how it answers from now on; ``asked`` keeps what it was asked."""

    url: str = ""
    mood: str = "well"
    body: bytes = b""
    asked: list[dict[str, str]] = field(default_factory=list)
    released: Event = field(default_factory=Event)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request in the present mood."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(query)
        MOODS[self.mood](self, handler, query.get("q", ""))


def send(
    handler: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, kind: str = "application/json", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def well(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    found = [each for word, each in KNOWN.items() if word in text.lower()]
    send(handler, collection(*found, query=text), kind="application/json; charset=utf-8")


def given(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    send(handler, server.body)


def never(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    server.released.wait(10)


def slowly(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    server.released.wait(3)
    send(handler, collection(BORDEAUX))


def drip(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    """A byte each tenth of a second: every single read is in time, the whole never is."""
    body = collection(BORDEAUX)
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    _drip(server, handler, body)


def drip_headers(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    _drip(server, handler, b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Long: " + b"x" * 2000)


def _drip(server: StandIn, handler: BaseHTTPRequestHandler, body: bytes) -> None:
    for byte in body:
        if server.released.is_set():
            return
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.1)


def closed(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def cut(server: StandIn, handler: BaseHTTPRequestHandler, text: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(collection(BORDEAUX))


MOODS: dict[str, Callable[[StandIn, BaseHTTPRequestHandler, str], None]] = {
    "well": well,
    "given": given,
    "never": never,
    "slowly": slowly,
    "drip": drip,
    "drip headers": drip_headers,
    "closed": closed,
    "cut": cut,
    "429": lambda s, h, t: send(h, b"<html>Too Many Requests</html>", status=429, kind="text/html"),
    "500": lambda s, h, t: send(h, b"oops", status=500, kind="text/plain"),
    "503": lambda s, h, t: send(h, b"", status=503),
    "400": lambda s, h, t: send(h, b'{"code": 400, "detail": ["q: bad value"]}', status=400),
    "redirect": lambda s, h, t: send(h, b"", status=302, Location="http://example.org/"),
    "html": lambda s, h, t: send(h, b"<html>hello</html>", kind="text/html"),
    "wrong kind": lambda s, h, t: send(h, collection(BORDEAUX), kind="text/plain"),
    "huge": lambda s, h, t: send(h, collection(*[BORDEAUX] * 2000)),
}


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """The service on a free port, as long as this lasts."""
    state = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            state.answer(self)

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever asked has gone: that is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/geocodage/search"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        server.server_close()
