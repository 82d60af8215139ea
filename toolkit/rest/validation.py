"""Validation errors of Django and DRF, however nested, as a flat list with JSON pointers (RFC 6901)."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as DjangoValidationError

from ..refusals import FieldError

WHOLE = (NON_FIELD_ERRORS, "non_field_errors", "")


def field_errors(exc):
    """A ValidationError of either kind → tuple of FieldError."""
    if isinstance(exc, DjangoValidationError):
        return tuple(_of_django(exc))
    return tuple(_walk(exc.detail, ""))


def pointer_part(name):
    return "/" + str(name).replace("~", "~0").replace("/", "~1")


def _of_django(exc):
    fields = exc.error_dict.items() if hasattr(exc, "error_dict") else [("", exc.error_list)]
    for name, errors in fields:
        pointer = "" if name in WHOLE else pointer_part(name)
        for error in errors:
            for message in error.messages:
                yield FieldError(pointer, error.code or "invalid", message)


def _walk(detail, pointer):
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _walk(inner, pointer if name in WHOLE else pointer + pointer_part(name))
    elif isinstance(detail, (list, tuple)):
        # a list of messages belongs to one value, a list of dicts to the items of a list
        for index, inner in enumerate(detail):
            is_message = not isinstance(inner, (dict, list, tuple))
            yield from _walk(inner, pointer if is_message else pointer + pointer_part(index))
    else:
        yield FieldError(pointer, getattr(detail, "code", None) or "invalid", str(detail))
