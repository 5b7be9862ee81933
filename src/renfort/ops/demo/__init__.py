"""The demonstration: imaginary people, organisations and missions all over France, around today (decision 29)."""

from renfort.ops.demo.loading import load

__all__ = ["load"]
