"""Bring stored tokens under the first key, so that an old key can be removed from FIELD_KEYS."""

from django.apps import apps
from django.db.models import ExpressionWrapper, F, TextField

from .fields import Encrypted
from .keyring import is_current

STORES = {}
"""What is encrypted outside of columns: name → a function that rewrites what another key wrote and says how many."""


def encrypted_fields():
    """(model, field name) of every encrypted column of the project."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            for field in model._meta.local_concrete_fields:
                if isinstance(field, Encrypted):
                    yield model, field.name


def reencrypt(model, name):
    """Rewrites what another key wrote; returns how many rows. A row changed meanwhile is left to its writer."""
    rows = model._base_manager.annotate(_token=ExpressionWrapper(F(name), output_field=TextField()))
    stored = rows.exclude(_token="").exclude(_token=None).values_list("pk", "_token")  # noqa: S106
    old = [pk for pk, token in stored.iterator() if not is_current(token)]
    changed = 0
    for pk in old:
        # the value is read again beside its token, so that only exactly this row is written
        for token, value in rows.filter(pk=pk).values_list("_token", name):
            changed += rows.filter(pk=pk, _token=token).update(**{name: value})
    return changed
