"""Settings of the test suite: the project's own, without `.env`, with a fast password hasher."""

import os

os.environ["READ_DOTENV"] = "false"
os.environ.setdefault("VAR_DIR", "var/test")
os.environ.setdefault("DATABASE_URL", "sqlite:///var/test/consortium.sqlite3")
os.environ.setdefault("CELERY_BROKER_URL", "memory://")
os.environ["DEBUG"] = "true"  # as a developer's machine: secrets make themselves; the test runner turns DEBUG off

from consortium.settings import *  # noqa: E402, F403

DEMO = os.environ.get("DEMO") == "true"  # off unless asked for: the demo puts a bar on every page
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES["attachments"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}  # noqa: F405
MEDIA_ROOT = VAR_DIR / "files"  # noqa: F405
PATIENTS_URL = ""  # tests of patients' links give one
SMS_PROVIDER = ""  # a test that wants short messages says so
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a missing folder
