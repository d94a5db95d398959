"""One run of a connector into the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from psa_evidence.capture.again import AnewRecorder
from psa_evidence.capture.collecting import seldom_collected
from psa_evidence.capture.guard import GuardedRecorder
from psa_evidence.capture.memory import keep_giving_back
from psa_evidence.capture.turns import short_turns
from psa_evidence.errors import EvidenceError
from psa_evidence.spi import ConnectorInfo, Progress, Scope, Silent, Source
from psa_evidence.vault import CaptureInfo, CaptureWriter, Clock, Vault

INTERRUPTED = "interrupted"
READ_EVERYTHING = "read_everything"


async def run_capture(
    *,
    vault: Vault,
    connection: str,
    connector: ConnectorInfo,
    source: Source,
    scope: Scope,
    clock: Clock,
    progress: Progress | None = None,
    secrets: Collection[str] = (),
    who: str = "",
    again: bool = False,
) -> CaptureInfo:
    """Fetch `scope` from an open `source` into a new capture of `vault`.

    The capture ends complete when every count is explained and nothing is missing, else partial. When fetching
    raises, or is cancelled, the capture is recorded as failed with what arrived, and the error is raised again; the
    next run fetches only the rest. `secrets` are values that must not stand in a stored request. With `again` all of
    the scope is read, also what earlier captures have; the capture says so in the fact `read_everything`.
    """
    progress = progress or Silent()
    writer = vault.begin(
        connection=connection, connector=connector, scope=scope, clock=clock, who=who, progress=progress
    )
    try:
        with seldom_collected(), short_turns():
            giving = asyncio.ensure_future(keep_giving_back())
            try:
                recorder = (AnewRecorder if again else GuardedRecorder)(writer, secrets)
                if again:
                    recorder.fact(READ_EVERYTHING, value=True)
                await source.fetch(scope, recorder)
            finally:
                giving.cancel()
    except BaseException as error:
        _abort(writer, error, progress)
        raise
    return writer.finish()


def capture(
    *,
    vault: Vault,
    connection: str,
    connector: ConnectorInfo,
    source: Source,
    scope: Scope,
    clock: Clock,
    progress: Progress | None = None,
    secrets: Collection[str] = (),
    who: str = "",
) -> CaptureInfo:
    """`run_capture` for callers without an event loop; opens and closes the source."""

    async def run() -> CaptureInfo:
        async with source:
            return await run_capture(
                vault=vault,
                connection=connection,
                connector=connector,
                source=source,
                scope=scope,
                clock=clock,
                progress=progress,
                secrets=secrets,
                who=who,
            )

    return asyncio.run(run())


def _abort(writer: CaptureWriter, error: BaseException, progress: Progress) -> None:
    """Record the failure. When even that cannot be stored or sealed now, the next open of the vault does it."""
    if isinstance(error, EvidenceError):
        reason = f"{type(error).__name__}: {error.what}"
    elif isinstance(error, asyncio.CancelledError | KeyboardInterrupt | SystemExit):
        reason = INTERRUPTED
    else:
        reason = type(error).__name__  # the text of a foreign error may quote a client or a key
    try:
        writer.abort(reason)
    except EvidenceError as second:
        progress.note(f"The failed capture could not be recorded now: {second.what} The next run does it.")
