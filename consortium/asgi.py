"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

from . import environment

environment.behind_web_server = True
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")

application = get_asgi_application()
