"""Pages that belong to no single part."""

from .home import favicon, home
from .overview import overview, overview_export, overview_rows
from .trail import trail

__all__ = ["favicon", "home", "overview", "overview_export", "overview_rows", "trail"]
