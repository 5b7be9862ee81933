"""Write many rows at once: numbers taken from the sequences, rows sent with COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def reserve(model: type[Model], count: int) -> list[int]:
    """Take ``count`` numbers from the sequence of ``model``, in order: rows may point at each other before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [model._meta.db_table, count]
        )
        return sorted(number for (number,) in cursor.fetchall())


def number(objects: Sequence[Model]) -> None:
    """Give each object its number, in the order given."""
    for obj, pk in zip(objects, reserve(type(objects[0]), len(objects)) if objects else (), strict=True):
        obj.pk = pk


def copy_in(objects: Sequence[Model]) -> int:
    """Send the objects, all of one model, as they are: moments are those given, never now. Returns how many.

    Neither ``save`` nor signals run: the history's rows are written like the others.
    """
    if not objects:
        return 0
    fields: list[Field[Any, Any]] = [field for field in type(objects[0])._meta.concrete_fields if not field.generated]
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(type(objects[0])._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for obj in objects:
            copy.write_row([field.get_db_prep_save(getattr(obj, field.attname), connection) for field in fields])
    return len(objects)
