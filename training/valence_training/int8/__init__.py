"""8-bit graphs whose answers do not depend on their batch: every scale is fixed beforehand."""

from .samples import with_unusual
from .write import weights, write

__all__ = ["weights", "with_unusual", "write"]
