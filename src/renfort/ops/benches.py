"""Find and run the benchmarks of ``renfort.ops.bench`` (one module each, with ``run(**parameters) -> dict``)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Any

from renfort.kernel.sentences import Sentence

PACKAGE = "renfort.ops.bench"


class BenchError(Sentence):
    """No such benchmark, or a parameter that it does not know."""


def names() -> list[str]:
    """The benchmarks of this installation."""
    try:
        package = importlib.import_module(PACKAGE)
    except ModuleNotFoundError:
        return []
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_"))


def run(name: str, parameters: Sequence[str] = ()) -> dict[str, Any]:
    """Run one benchmark.

    Args:
        name: one of ``names()``.
        parameters: ``name=value`` each; whole numbers become numbers.

    Raises:
        BenchError: when there is none of that name, or a parameter is wrong.
    """
    if name not in names():
        raise BenchError(f"Mesure inconnue : {name}. Mesures possibles : {', '.join(names()) or 'aucune'}.")
    values: dict[str, Any] = {}
    for parameter in parameters:
        key, separator, value = parameter.partition("=")
        if not separator:
            raise BenchError(f"Paramètre « {parameter} » : écrivez NOM=VALEUR.")
        values[key.replace("-", "_")] = int(value) if value.lstrip("-").isdigit() else value
    module = importlib.import_module(f"{PACKAGE}.{name}")
    result: dict[str, Any] = module.run(**values)
    return result
