"""Tags the pages need from accounts."""

import uuid

from django import template
from django.utils.html import format_html

from toolkit.words import listed

from ..idempotency import FORM_FIELD
from ..roles import role_names

register = template.Library()


@register.simple_tag
def idempotency_key():
    """A hidden field that makes a double click on this form harmless."""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_FIELD, uuid.uuid4())


@register.filter
def names_of_roles(roles):
    """Role codes → their names, "医生、双向转诊服务台"."""
    return listed(role_names(roles or []))
