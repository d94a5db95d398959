"""Faults on the way out: what a knob makes of a good answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from psa_evidence.simulator.knobs import Knobs
from psa_evidence.simulator.replies import ApiError, Reply, html_reply

SERVER_ERRORS = (500, 502, 503, 504)


def spoiled(knobs: Knobs, number: int, answer: Callable[[], Reply]) -> Reply:
    """The answer, or what a failing server makes of it. Only good answers are spoiled; `ApiError` passes through."""
    if knobs.hits(knobs.server_error_share, "5xx", number):
        status = SERVER_ERRORS[number % len(SERVER_ERRORS)]
        if status == 500:
            raise ApiError(500, "InternalServerError", "An error occurred on the server.")
        return html_reply(status, "The service is unavailable")
    reply = answer()
    if reply.status != 200:
        return reply
    if knobs.hits(knobs.html_share, "html", number):
        return html_reply(200, "Scheduled maintenance")
    if knobs.hits(knobs.truncated_share, "truncated", number) and len(reply.body) > 2:
        return replace(reply, body=reply.body[: len(reply.body) // 2])
    if knobs.hits(knobs.cut_share, "cut", number):
        return replace(reply, cut=True)
    return reply
