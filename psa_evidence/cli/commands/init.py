"""`psa-evidence init`: write the configuration and put the keys where they belong."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from psa_evidence import configuration, keys, plugins
from psa_evidence.cli import matter_file, output, periods
from psa_evidence.errors import ConfigurationError, StorageError
from psa_evidence.spi import Connector, Setting
from psa_evidence.vault import Disk


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to work; made when needed.")] = Path(),
    name: Annotated[str, typer.Option("--connection", metavar="NAME", help="A name for this PSA.")] = "main",
    connector: Annotated[str, typer.Option(help="Which PSA; `psa-evidence plugins` lists them.")] = "connectwise",
    setting: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the connection (repeatable).")
    ] = None,
    msp: Annotated[str | None, typer.Option(help="Your company's name, as printed on packs.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="IANA zone, e.g. America/New_York.")] = None,
    paper: Annotated[str, typer.Option(help="us-letter or a4.")] = "us-letter",
    ask: Annotated[bool, typer.Option("--ask/--no-ask", help="Ask for what is not given.")] = True,
    only_keys: Annotated[
        bool, typer.Option("--keys", help="Ask for the keys alone, to keep them or others in the keyring.")
    ] = False,
    matter: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Write a matter file instead; needs --client and --period, or --from and --to."
        ),
    ] = None,
    client: Annotated[str, typer.Option(metavar="NAME", help="With --matter: whose records.")] = "",
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="With --matter: first day.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="With --matter: last day, included.")] = "",
    period: periods.PeriodOption = None,
) -> None:
    """Write psa-evidence.toml, or with --matter a matter file.

    Asks for settings and keys, or takes flags; keys go to the keyring.
    """
    if matter is not None:
        settings = configuration.load(configuration.find(None if folder == Path() else folder))
        named = None if len(settings.connections) == 1 else name
        written = matter_file.write(
            settings,
            matter=matter,
            client=client,
            first=first,
            last=last,
            period=period,
            connection=named,
            zone=time_zone,
        )
        output.lines(str(written))
        output.say("Next: fill it in, then psa-evidence build " + str(written))
        return
    path = folder / configuration.FILE_NAME
    if only_keys:
        named, plugin_name, _ = configuration.load(configuration.find(None if folder == Path() else path)).connection(
            name
        )
        _keep_secrets(plugins.load_connector(plugin_name), named, _hidden)
        return
    if path.exists():
        raise ConfigurationError(
            f"{path} exists already", next_step="edit it, or choose another folder; --keys asks for the keys alone"
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        raise ConfigurationError(
            f"{name!r} cannot name a connection", next_step="use letters, digits, - and _ (at most 40)"
        )
    plugin = plugins.load_connector(connector)
    given = _given(setting or [], plugin)
    values = {s.name: _value(s, given, ask=ask) for s in plugin.info.settings if not s.secret}
    if ask:
        if msp is None:
            msp = _asked("Your company's name, as printed on packs", default="", show_default=False)
        if time_zone is None:
            asked = "Your time zone, such as America/New_York (empty: UTC)"
            time_zone = _asked(asked, default="", show_default=False, value_proc=_zone)
    text = render(
        plugin, name=name, connector=connector, settings=values, msp=msp or "", time_zone=time_zone or "", paper=paper
    )
    folder.mkdir(parents=True, exist_ok=True)
    Disk().replace(path, text.encode())
    try:
        configuration.load(path)
    except ConfigurationError:
        path.unlink()  # what was typed is wrong, and the same command is to be typed again
        raise
    output.say(f"Wrote {path}.")
    if ask:
        _keep_secrets(plugin, name, _hidden)
    output.say("Next: psa-evidence doctor" + ("" if folder == Path() else f", in the folder {folder}"))


def _somebody_there() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _hidden(label: str) -> str:
    return _asked(label, hide_input=True, default="", show_default=False)


def _zone(answer: str) -> str:
    """Raises BadParameter: at a terminal it is asked for again, and what was typed before is not lost."""
    try:
        return configuration.zone_name(name) if (name := answer.strip()) else ""
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _asked(label: str, **how: Any) -> str:
    """The answer to a question. Raises ConfigurationError where nobody is there to answer."""
    try:
        answer: str = typer.prompt(label, err=True, **how)
    except typer.Abort:
        if _somebody_there():
            raise
        output.say()
        raise ConfigurationError(
            "the input ended before everything was asked",
            next_step="run it in a terminal, or give everything with --set, --msp, --time-zone and --no-ask",
        ) from None
    return answer.strip()


def render(
    plugin: Connector,
    *,
    name: str,
    connector: str,
    settings: Mapping[str, str | None],
    msp: str,
    time_zone: str,
    paper: str,
) -> str:
    """The commented file. Every value is quoted as TOML, whatever it contains."""
    secrets = [s.name for s in plugin.info.settings if s.secret]
    lines = []
    for item in plugin.info.settings:
        if item.secret:
            continue
        value = settings.get(item.name)
        lines.append(f"# {item.help}")
        lines.append(f"{item.name} = {_quote(value)}" if value else f"# {item.name} = {_quote(item.default or '')}")
    section = configuration.CONNECTION_TEMPLATE.format(
        name=name,
        connector=_quote(connector),
        variables=", ".join(keys.variable(name, secret) for secret in secrets),
        settings="\n".join(lines),
    )
    return configuration.TEMPLATE.format(
        msp=_quote(msp),
        time_zone=f"time_zone = {_quote(time_zone)}" if time_zone else '# time_zone = "America/New_York"',
        vault=_quote("vault"),
        packs=_quote("packs"),
        paper=_quote(paper),
        matters=_quote("matters"),
        connections=section,
    )


def _quote(value: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _given(pairs: list[str], plugin: Connector) -> dict[str, str]:
    known = {s.name: s for s in plugin.info.settings}
    given = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark or key not in known:
            raise ConfigurationError(
                f"--set {key}: not a setting of this connector",
                why=f"settings: {', '.join(n for n, s in known.items() if not s.secret)}",
                next_step="write --set NAME=VALUE",
            )
        if known[key].secret:
            raise ConfigurationError(
                f"{key} is a key and must not stand on a command line",
                next_step="let `psa-evidence init` ask for it, or use the environment",
            )
        given[key] = value
    return given


def _value(setting: Setting, given: Mapping[str, str], *, ask: bool) -> str | None:
    if given.get(setting.name):
        return given[setting.name]
    if not setting.required or setting.default is not None:
        return None
    if ask:
        return _asked(f"{setting.name} ({setting.help})")
    raise ConfigurationError(f"the setting {setting.name} is needed", next_step=f"add --set {setting.name}=VALUE")


def _keep_secrets(plugin: Connector, name: str, prompt: Callable[[str], str]) -> None:
    secret = [item for item in plugin.info.settings if item.secret]
    if not _somebody_there():
        named = " and ".join(keys.variable(name, item.name) for item in secret)
        output.say(f"Keys: set {named}, or run psa-evidence init --keys in a terminal.")
        return
    for item in secret:
        value = prompt(f"{item.name} ({item.help}; empty to set {keys.variable(name, item.name)} later)")
        if not value:
            continue
        try:
            keys.store(name, item.name, value)
            output.say(f"{item.name}: kept in this computer's keyring.")
        except StorageError as problem:
            output.say(f"{item.name}: not kept. {problem.what}; {problem.next_step}.")
