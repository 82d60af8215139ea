"""Pages that belong to no single part."""

from .home import favicon, home
from .trail import trail

__all__ = ["favicon", "home", "trail"]
