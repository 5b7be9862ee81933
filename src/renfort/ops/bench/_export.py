"""One file of the benchmark « export », in a process of its own: as the worker makes it, or its cells by the library alone."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from typing import Any

COLUMNS = (
    "number", "last_name", "first_name", "email", "mobile_phone", "landline_phone", "birth_date", "mission", "domain",
    "starts_on", "ends_on", "state", "created_at", "decided_at", "refusal_reason", "presence", "format", "city",
    "department", "rules_at",
)  # fmt: skip


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def as_the_worker(organisation: int, manager: int, query: str) -> dict[str, Any]:
    """Ask for the file, then make it as the worker does, up to its last part in the database; warmed by a file without rows."""
    import rustpy_xlsxwriter  # noqa: F401 -- loaded once in the life of a worker, as in the comparison
    from django.urls import reverse

    reverse("portal:home")  # the addresses too: a notice that a file is ready names one, and the first loads every page
    _made(organisation, manager, "q=warmed")
    rest = peak()
    export, seconds, cpu_seconds = _made(organisation, manager, query)
    return {
        "rows": export.done,
        "columns": len(COLUMNS),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "megabytes": round((export.size or 0) / 1e6, 1),
        "peak_mb": peak(),
        "rest_mb": rest,
    }


def _made(organisation: int, manager: int, query: str) -> tuple[Any, float, float]:
    from django.utils import timezone

    from renfort.jobs.services import exports
    from renfort.kernel.exports import EXPORT_KINDS, Asked
    from renfort.missions.exporters.host import PARTICIPATIONS
    from renfort.organisations.selectors import actor_of

    kind = EXPORT_KINDS[PARTICIPATIONS]
    asked = Asked(role=f"reserve:manager:organisation:{organisation}", organisation=organisation, query=query)
    actor = kind.acts(actor_of(manager), asked)
    if actor is None:
        raise RuntimeError("the manager may not export")
    columns = kind.chosen(COLUMNS)
    export = exports.ask(actor=actor, kind=kind, asked=asked, columns=columns, format="xlsx", purpose="report")
    started, cpu = time.perf_counter(), time.process_time()
    exports.make_due(timezone.now())
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    export.refresh_from_db()
    if export.state != "done":
        raise RuntimeError(f"the export is {export.state}: {export.error}")
    return export, seconds, cpu_seconds


def the_library_alone(organisation: int, manager: int, query: str) -> dict[str, Any]:
    """Write the same cells, ready in memory, with the library and the same sheet around them."""
    from rustpy_xlsxwriter import Format, write_worksheet

    from renfort.kernel.exports import EXPORT_KINDS, Asked
    from renfort.kernel.sheets import PATTERNS, WIDTHS, fitted, headings
    from renfort.missions import exporters
    from renfort.organisations.selectors import actor_of

    asked = Asked(role=f"reserve:manager:organisation:{organisation}", organisation=organisation, query=query)
    kind = EXPORT_KINDS[exporters.host.PARTICIPATIONS]
    actor = kind.acts(actor_of(manager), asked)
    if actor is None:
        raise RuntimeError("the manager may not export")
    columns = kind.chosen(COLUMNS)
    batches = kind.read(actor, asked, [column.key for column in columns])
    cells = [tuple(row) for batch in fitted(columns, batches) for row in batch]
    labels = headings(columns)
    formats = {
        label: Format().set_num_format(PATTERNS[column.kind])
        for label, column in zip(labels, columns, strict=True)
        if column.kind in PATTERNS
    }
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        started, cpu = time.perf_counter(), time.process_time()
        write_worksheet(
            (dict(zip(labels, row)) for row in cells),  # noqa: B905 -- as in the export
            file.name,
            sheet_name="Participations",
            freeze_row=1,
            bold_headers=True,
            autofilter=True,
            column_widths=[column.width or WIDTHS[column.kind] for column in columns],
            column_formats=formats,
        )
        return {"seconds": round(time.perf_counter() - started, 2), "cpu_seconds": round(time.process_time() - cpu, 2)}


def main() -> None:
    import django

    django.setup()
    what, organisation, manager, query = sys.argv[1:]
    measured = (as_the_worker if what == "export" else the_library_alone)(int(organisation), int(manager), query)
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
