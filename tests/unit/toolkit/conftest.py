from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

import toolkit

from .samples import Sample

TEMPLATES = Path(toolkit.__file__).parent / "templates"


@pytest.fixture
def site(settings):
    """Only the toolkit's own middleware and templates, and the small views of these tests."""
    settings.ROOT_URLCONF = "tests.unit.toolkit.rest_views"
    settings.MIDDLEWARE = [
        "toolkit.requests.RequestIDMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "toolkit.pages.middleware.RefusalMiddleware",
    ]
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [TEMPLATES]}]
    settings.CSRF_FAILURE_VIEW = "toolkit.rest.problems.csrf_failure"
    return Client(raise_request_exception=False, headers={"accept-language": "zh-hans"})


@pytest.fixture
def sample_table(db):
    columns = [
        f"{field.column} {field.db_type(connection)} {'' if field.null else 'NOT NULL'}"
        for field in Sample._meta.concrete_fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE toolkit_sample ({', '.join(columns)}, PRIMARY KEY (id))")
