"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from . import environment

environment.behind_web_server = True
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")

application = get_wsgi_application()
