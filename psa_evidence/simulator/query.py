"""The parameters of a list, from the query string."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.simulator.replies import invalid

DEFAULT_PAGE_SIZE = 25
MAX_PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """The parameters of a list, checked for form."""

    conditions: str = ""
    child_conditions: str = ""
    order_by: str = ""
    fields: tuple[tuple[str, ...], ...] = ()
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE
    page_id: int = 0
    forward_only: bool = False


def query_of(parameters: dict[str, str], *, forward_only: bool = False) -> Query:
    """Checked parameters; `ApiError` 400 when one is out of form or range."""
    page_size = _integer(parameters, "pageSize", DEFAULT_PAGE_SIZE)
    if not 1 <= page_size <= MAX_PAGE_SIZE:
        raise invalid(f"pageSize lies between 1 and {MAX_PAGE_SIZE}.", "pageSize")
    page = 1 if forward_only else _integer(parameters, "page", 1)
    if page < 1:
        raise invalid("page begins with 1.", "page")
    order_by = parameters.get("orderBy", "").strip()
    if forward_only and order_by:
        raise invalid("orderBy can not be used with forward-only pagination.", "orderBy")
    names = tuple(tuple(n.strip().split("/")) for n in parameters.get("fields", "").split(",") if n.strip())
    return Query(
        parameters.get("conditions", "").strip(),
        parameters.get("childConditions", parameters.get("childconditions", "")).strip(),
        order_by,
        names,
        page,
        page_size,
        _integer(parameters, "pageId", 0) if forward_only else 0,
        forward_only,
    )


def _integer(parameters: dict[str, str], name: str, default: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise invalid(f"{name} is not a whole number.", name)
    return int(text)
