"""System checks: short messages are either off or set up whole."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from notifications.hours import patients_rest
from notifications.sms import PROVIDERS

NEEDED = ("SMS_SIGNATURE", "SMS_KEY_ID", "SMS_KEY_SECRET", "SMS_TEMPLATES")


@register(Tags.compatibility)
def short_messages_are_set_up(app_configs=None, **kwargs) -> list[Error]:
    if settings.SMS_PROVIDER and settings.SMS_PROVIDER not in PROVIDERS:
        return [_error(f"SMS_PROVIDER is '{settings.SMS_PROVIDER}'.", f"Known are: {', '.join(PROVIDERS)}.", 1)]
    return [*_provider(), *_templates(), *_hours()]


def _provider() -> list[Error]:
    if settings.SMS_PROVIDER in ("", "file"):
        return []
    found = [
        _error(f"{name} is not set.", "Short messages need it.", 2) for name in NEEDED if not getattr(settings, name)
    ]
    if urlsplit(settings.SMS_ENDPOINT).scheme != "https":
        found.append(_error("SMS_ENDPOINT is not https.", "Numbers must not be sent in the clear.", 3))
    return found


def _templates() -> list[Error]:
    given = settings.SMS_TEMPLATES
    if isinstance(given, dict) and all(isinstance(each, str) for each in given.values()):
        return []
    return [_error("SMS_TEMPLATES is no map of names.", 'For instance: {"staff_notice": "SMS_123456789"}.', 4)]


def _hours() -> list[Error]:
    try:
        patients_rest()
    except ValueError:
        return [_error("SMS_QUIET_HOURS cannot be read.", "For instance: 21:00-08:00.", 5)]
    return []


def _error(words: str, hint: str, number: int) -> Error:
    return Error(words, hint=hint, id=f"notifications.E00{number}")
