"""Pages that belong to no single part."""

from .home import home
from .trail import trail

__all__ = ["home", "trail"]
