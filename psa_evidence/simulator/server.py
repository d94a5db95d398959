"""The simulated PSA over HTTP: a thin ASGI application in front of `Api`, and a way to run it in a thread."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from functools import lru_cache

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from psa_evidence.simulator.api import Api, Call
from psa_evidence.simulator.control import apply
from psa_evidence.simulator.faults import spoiled
from psa_evidence.simulator.keys import Keys
from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.replies import ApiError, Reply, forbidden, html_reply, too_many, unauthorized
from psa_evidence.simulator.running import Running
from psa_evidence.simulator.simulation import Simulation
from psa_evidence.simulator.store import Store

HOST = "127.0.0.1"
MAX_BODY = 1_000_000
"""Bytes of a request body; a search of some thousand ids needs a tenth."""

_BASE = "apis/3.0/"


class Gateway:
    """Everything below `/{codebase}apis/3.0/`: keys, limits and faults first, then the answer."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._api = Api(simulation)
        keys = simulation.keys
        credentials = f"{keys.company}+{keys.public_key}:{keys.private_key}".encode()
        self._authorization = b"Basic " + base64.b64encode(credentials)
        self._client_id = keys.client_id.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        simulation = self._simulation
        codebase, _, path = str(scope["path"]).lstrip("/").partition(_BASE)
        template = "/".join("{id}" if part.isdigit() else part for part in path.split("/"))
        headers: dict[bytes, bytes] = dict(scope["headers"])
        method = str(scope["method"])
        number = simulation.next_number()
        latency = simulation.knobs.latency_ms / 1000
        due = time.monotonic() + latency
        simulation.stats.begin(method, template)
        status = 500
        try:
            body = await _body(receive) if method != "GET" else b""
            call = Call(
                number,
                method,
                path,
                scope["query_string"].decode("latin-1"),
                f"{scope['scheme']}://{headers.get(b'host', b'').decode('latin-1')}{scope['path']}",
                headers.get(b"pagination-type", b"").lower() == b"forward-only",
                body,
            )
            try:
                reply = self._reply(call, codebase, template, headers)
            except ApiError as error:
                reply = error.reply()
            status = reply.status
            if latency:
                await asyncio.sleep(due - time.monotonic())
            await self._send(send, reply, number, squeeze=b"gzip" in headers.get(b"accept-encoding", b""))
        finally:
            simulation.stats.end(status)

    def _reply(self, call: Call, codebase: str, template: str, headers: dict[bytes, bytes]) -> Reply:
        simulation = self._simulation
        searching = call.method == "POST" and call.path.lower().endswith("tickets/search")
        if call.method != "GET" and not searching:
            simulation.stats.attempt(call.method, template)
        if not call.path or not simulation.accepts(codebase, call.number):
            return html_reply(404, "Not Found")
        if wait := simulation.wait_for_limit():
            return too_many(wait)
        given = headers.get(b"authorization", b"")
        if not hmac.compare_digest(given, self._authorization) or headers.get(b"clientid") != self._client_id:
            raise unauthorized()
        if call.method != "GET" and not searching:
            raise ApiError(405, "MethodNotAllowed", "The method is not allowed here.")
        if simulation.denied(call.path, template):
            raise forbidden()
        if simulation.broken(call.path, call.query):
            raise ApiError(500, "InternalServerError", "An error occurred on the server.")
        return spoiled(simulation.knobs, call.number, lambda: self._api.answer(call))

    async def _send(self, send: Send, reply: Reply, number: int, *, squeeze: bool) -> None:
        if squeeze:
            reply = reply.squeezed()
        simulation = self._simulation
        headers = [
            *reply.headers,
            (b"content-length", str(len(reply.body)).encode()),
            (b"date", _date(simulation.knobs.clock_skew_s)),
            (b"api-current-version", simulation.codebase.strip("v/").replace("_", ".").encode()),
            (b"x-cw-request-id", f"{simulation.knobs.seed & 0xFFFFFFFF:08x}-0000-4000-8000-{number:012x}".encode()),
            (b"x-server-name", b"simulator"),
        ]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if reply.cut:  # returning before the body is complete makes the server close the connection
            await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
            return
        await send({"type": "http.response.body", "body": reply.body})


def create_app(simulation: Simulation) -> ASGIApp:
    async def company_info(request: Request) -> Response:
        known = request.path_params["company"].lower() == simulation.keys.company.lower()
        return JSONResponse(_company_info(simulation, request) if known else None, headers=dict([_dated(simulation)]))

    async def control(request: Request) -> Response:
        if not _may_control(request, simulation):
            return JSONResponse({"error": "the control token is missing or wrong"}, 401)
        try:
            return JSONResponse(apply(simulation, json.loads(await request.body())))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)

    async def stats(request: Request) -> Response:
        if not _may_control(request, simulation):
            return JSONResponse({"error": "the control token is missing or wrong"}, 401)
        return JSONResponse(simulation.stats.as_json())

    gateway = Gateway(simulation)
    others = Starlette(
        routes=[
            Route("/login/companyinfo/{company}", company_info),
            Route("/simulator/control", control, methods=["POST"]),
            Route("/simulator/stats", stats),
            Mount("/", app=gateway),
        ]
    )

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Most requests are for the API: they go there straight."""
        api = scope["type"] == "http" and _BASE in scope["path"]
        await (gateway if api else others)(scope, receive, send)

    return app


@contextmanager
def running(store: Store, knobs: Knobs | None = None, *, keys: Keys | None = None) -> Iterator[Running]:
    """Serve a store from a thread of this process on a free port, until the block ends."""
    knobs = knobs or Knobs()
    simulation = Simulation(store, knobs, keys or Keys.from_seed(knobs.seed))
    with listening_socket(0) as listener:
        server = uvicorn.Server(configuration(simulation))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="simulator", daemon=True)
        thread.start()
        try:
            while not server.started:
                if not thread.is_alive():
                    raise RuntimeError("the simulated PSA did not start")
                time.sleep(0.002)
            yield Running.at(listener.getsockname()[1], simulation.keys, simulation.codebase)
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def listening_socket(port: int) -> socket.socket:
    """Bound to this machine only; port 0 takes a free one.

    The protocol is named because asyncio switches Nagle's delay off only on sockets that name it.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def configuration(simulation: Simulation) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(simulation),
        access_log=False,
        log_level="critical",
        lifespan="off",
        ws="none",
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=2,
        backlog=512,
    )


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _company_info(simulation: Simulation, request: Request) -> dict[str, object]:
    return {
        "CompanyName": simulation.keys.company,
        "Codebase": simulation.codebase,
        "VersionCode": simulation.codebase.strip("/"),
        "VersionNumber": simulation.codebase.strip("/"),
        "CompanyID": simulation.keys.company,
        "IsCloud": True,
        "SiteUrl": request.headers.get("host", ""),
        "AllowedOrigins": [],
    }


def _may_control(request: Request, simulation: Simulation) -> bool:
    given = request.headers.get("authorization", "").encode("utf-8", "replace")
    return hmac.compare_digest(given, f"Bearer {simulation.keys.control_token}".encode())


def _date(skew: int) -> bytes:
    return _date_of(int(time.time()) + skew)


@lru_cache(maxsize=2)
def _date_of(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()


def _dated(simulation: Simulation) -> tuple[str, str]:
    return "date", _date(simulation.knobs.clock_skew_s).decode()
