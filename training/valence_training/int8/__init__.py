"""8-bit graphs whose answers do not depend on their batch: every scale is fixed beforehand."""

from .write import weights, write

__all__ = ["weights", "write"]
