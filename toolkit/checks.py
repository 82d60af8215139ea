"""System checks: without secrets nothing can be encrypted or looked up."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

SHORTEST_SECRET = 32


@register(Tags.security)
def secrets_are_usable(app_configs, **kwargs):
    found = []
    for name in ("FIELD_KEYS", "HASH_KEYS"):
        found.extend(_check_list(name, getattr(settings, name, None)))
    return found


def _check_list(name, secrets):
    if not secrets or isinstance(secrets, str) or not all(isinstance(each, str) and each for each in secrets):
        hint = f"Set {name} to a list of secret strings; the first one is used for writing."
        return [Error(f"{name} must be a non-empty list of secrets.", hint=hint, id="toolkit.E001")]
    if any(len(each) < SHORTEST_SECRET for each in secrets):
        hint = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        return [
            Warning(f"{name} holds a secret shorter than {SHORTEST_SECRET} characters.", hint=hint, id="toolkit.W001")
        ]
    return []
