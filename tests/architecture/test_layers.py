"""Foreign keys point down, like imports; migrations form one line in each app."""

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from .project import LAYERS


def relations_upwards():
    for model in apps.get_models(include_auto_created=True):
        owner = model._meta.app_label
        if owner not in LAYERS:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete) or field.related_model is None:
                continue
            target = field.related_model._meta.app_label
            if target in LAYERS and LAYERS.index(target) < LAYERS.index(owner):
                yield f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"


def test_foreign_keys_point_down():
    assert list(relations_upwards()) == []


def test_migrations_depend_downwards():
    loader = MigrationLoader(None)
    upwards = [
        f"{app}.{name} → {needed}"
        for (app, name), migration in loader.disk_migrations.items()
        for needed, _ in migration.dependencies
        if app in LAYERS and needed in LAYERS and LAYERS.index(needed) < LAYERS.index(app)
    ]
    assert upwards == []


@pytest.mark.parametrize("app", LAYERS)
def test_migrations_of_an_app_form_one_line(app):
    loader = MigrationLoader(None)
    own = {key: migration for key, migration in loader.disk_migrations.items() if key[0] == app}
    followed = [needed for migration in own.values() for needed in migration.dependencies if needed[0] == app]
    assert sorted(set(followed)) == sorted(followed), "two migrations follow the same one"
    assert len(set(own) - set(followed)) <= 1, "more than one last migration"
