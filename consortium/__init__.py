"""The roof of the project: settings, addresses, processes and the pages that belong to no single part."""

from .celery import app as celery_app

__all__ = ["celery_app"]
