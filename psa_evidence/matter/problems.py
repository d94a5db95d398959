"""What is wrong in a TOML file that a person wrote, so that it can be mended: file, key, what is allowed, next step."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from psa_evidence.errors import ConfigurationError

MAX_SHOWN: Final = 8

_EXPECTED: Final = {
    "missing": "this key is required and is not there",
    "string_type": "must be a text in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "is too long",
    "date_type": "must be a date such as 2025-01-31, without quotes",
    "date_from_datetime_inexact": "must be a date such as 2025-01-31, without a time",
    "date_from_datetime_parsing": "must be a date such as 2025-01-31",
    "date_parsing": "must be a date such as 2025-01-31",
    "dict_type": "must be a table of its own, [name] or { ... }",
    "model_type": "must be a table of its own, [name] or { ... }",
    "tuple_type": "must be a list, [ ... ]",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be from 1 to 100",
    "less_than_equal": "must be from 1 to 100",
}


def explain(error: ValidationError, raw: Mapping[str, Any], name: str, model: type[BaseModel]) -> ConfigurationError:
    """One error for everything wrong in the file `name`. It shows keys and rules, never a value."""
    lines = []
    for item in error.errors(include_url=False, include_context=True, include_input=False):
        where = [str(part) for part in item["loc"] if not _branch(part, raw)]
        lines.append(f"{'.'.join(where) or 'file'}: {_rule(item['type'], item['msg'], where, model, item.get('ctx'))}")
    lines = list(dict.fromkeys(lines))
    shown, more = lines[:MAX_SHOWN], len(lines) - MAX_SHOWN
    if more > 0:
        shown.append(f"and {more} more")
    count = "1 key is" if len(lines) == 1 else f"{len(lines)} keys are"
    return ConfigurationError(
        f"{name}: {count} not as expected: {'; '.join(shown)}",
        why="the file is checked as a whole before anything is done",
        next_step=f"correct {'it' if len(lines) == 1 else 'them'} in {name} and run the command again",
    )


def _branch(part: object, raw: Mapping[str, Any]) -> bool:
    """Whether pydantic, not the file, put this step into the path (the branch of a union it tried)."""
    return isinstance(part, str) and (part.endswith("Section") or part.startswith("literal[")) and part not in raw


def _rule(kind: str, message: str, where: list[str], model: type[BaseModel], context: Any) -> str:
    if kind == "extra_forbidden":
        known = _known(model, where[:-1])
        near = difflib.get_close_matches(where[-1], known, n=1, cutoff=0.5)
        return f"this key is not known; did you mean '{near[0]}'?" if near else f"not known; known: {', '.join(known)}"
    if kind == "literal_error" and context:
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    return _EXPECTED.get(kind, message)


def _known(model: type[BaseModel], path: list[str]) -> list[str]:
    """The keys that may stand in the table at `path`."""
    here: type[BaseModel] = model
    for step in path:
        if step.isdigit():
            continue
        for field_name, field in here.model_fields.items():
            if step in {field_name, field.alias} and (inner := _model_in(field.annotation)) is not None:
                here = inner
                break
    return sorted(field.alias or name for name, field in here.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        if (found := _model_in(inner)) is not None:
            return found
    return None
