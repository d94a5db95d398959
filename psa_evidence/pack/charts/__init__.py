"""Illustrations: one small module each, a function from the dossier to a chart. Each says its query, n, exclusions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from psa_evidence.pack.charts import activity, attainment, response, waiting, work
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Chart

ALL: Final[tuple[Callable[[Dossier], Chart], ...]] = (
    attainment.chart, response.chart, waiting.chart, work.chart, activity.chart,
)  # fmt: skip
