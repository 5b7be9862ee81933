"""Write many rows at once; the tools are the kernel's, which the import of a directory uses too."""

from renfort.kernel.rows import copy_in, number, reserve

__all__ = ["copy_in", "number", "reserve"]
