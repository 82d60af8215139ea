"""Files people bring in: what they are by their content, whether they are harmless, and clean bytes to keep.

Whoever takes a file asks `examine`; the kinds themselves are judged in a process of its own (see `judging`).
"""

from .judging import KINDS, examine
from .verdict import Clean, Unfit

__all__ = ["KINDS", "Clean", "Unfit", "examine"]
