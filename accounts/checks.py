"""Checks of what is typed in about people. Each takes the findings, a JSON pointer and the value, and cleans it."""

import re
from functools import partial

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from institutions.checks import phone, text
from toolkit.words import listed

from .models import User
from .roles import ROLES

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
STAFF_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,31}")


def username(findings, pointer, value):
    value = User.objects.normalize_username(value)
    if not USERNAME.fullmatch(value):
        findings.add(pointer, "invalid", _("用户名应为 2 到 64 位小写字母、数字或 . _ @ -，以字母或数字开头。"))
    return value


def email(findings, pointer, value):
    value = (value or "").strip()
    if not value:
        return ""
    try:
        validate_email(value)
    except ValidationError:
        findings.add(pointer, "invalid", _("电子邮箱格式不对，例如 name@example.com。"))
    return value


def language(findings, pointer, value):
    if value not in dict(settings.LANGUAGES):
        codes = listed(code for code, _name in settings.LANGUAGES)
        findings.add(pointer, "unknown_code", _("不认识的语言，可用：%(codes)s") % {"codes": codes})
    return value


def staff_number(findings, pointer, value):
    value = (value or "").strip()
    if value and not STAFF_NUMBER.fullmatch(value):
        findings.add(pointer, "invalid", _("工号应为 1 到 32 位字母、数字或 . _ / -。"))
    return value


def roles(findings, pointer, value):
    """Known codes without repetition, in the order of the table; some roles exclude each other."""
    wanted = list(value) if isinstance(value, (list, tuple, set, frozenset)) else []
    unknown = [str(code) for code in wanted if not isinstance(code, str) or code not in ROLES]
    if not wanted:
        findings.add(pointer, "required", _("至少选择一个角色。"))
    if unknown:
        words = {"unknown": listed(unknown), "codes": listed(ROLES)}
        findings.add(pointer, "unknown_role", _("不认识的角色 %(unknown)s，可用：%(codes)s") % words)
        return wanted
    for code in wanted:
        for other in sorted(ROLES[code].apart_from & set(wanted)):
            words = {"one": ROLES[code].name, "other": ROLES[other].name}
            findings.add(pointer, "roles_apart", _("“%(one)s”不能与“%(other)s”由同一人兼任。") % words)
    return [code for code in ROLES if code in wanted]


def password(findings, pointer, value, *, user):
    try:
        validate_password(value or "", user=user)
    except ValidationError as error:
        for each in error.error_list:
            findings.add(pointer, each.code or "invalid", " ".join(each.messages))
    return value


PERSON = {
    "name": partial(text, longest=60, required=True),
    "phone": phone,
    "email": email,
    "language": language,
}
JOB = {
    "roles": roles,
    "staff_number": staff_number,
    "title": partial(text, longest=60),
    "phone": phone,
}
