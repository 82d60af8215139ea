"""Model fields whose column holds only a token. They can be read and written, never searched or sorted."""

import json

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .keyring import decrypt, encrypt


class Encrypted(models.TextField):
    """ "" and NULL stay as they are: that nothing is there is no secret, and constraints may ask for it."""

    def get_lookup(self, lookup_name):
        # the same text never gives the same token: comparing tokens would silently find nothing
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def from_db_value(self, value, expression, connection):
        return value if value in (None, "") else self._load(decrypt(value))

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        text = self._dump(value)
        return encrypt(text) if text else text


class EncryptedTextField(Encrypted):
    description = "text, encrypted at rest"

    def _load(self, text):
        return text

    def _dump(self, value):
        return str(value)


class EncryptedJSONField(Encrypted):
    """Any JSON value; Python's None is SQL NULL."""

    description = "JSON, encrypted at rest"

    def _load(self, text):
        return json.loads(text)

    def _dump(self, value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder)

    def to_python(self, value):
        return value

    def value_to_string(self, obj):
        return self.value_from_object(obj)

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": forms.JSONField, **kwargs})
