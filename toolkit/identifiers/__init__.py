"""Numbers that carry their own proof, and how they are shown to those who need not see them."""

from .base import InvalidIdentifier, half_width

__all__ = ["InvalidIdentifier", "half_width"]
