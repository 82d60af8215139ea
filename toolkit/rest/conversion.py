"""What an exception of Django or DRF amounts to, as a Refusal."""

import math

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from ..refusals import (
    Failure,
    Forbidden,
    Malformed,
    MethodNotAllowed,
    Missing,
    NotAcceptable,
    Refusal,
    TooLarge,
    TooMany,
    Unauthenticated,
    UnsupportedMediaType,
)
from .validation import field_errors


def refusal_from(exc):
    """The Refusal an exception amounts to; None for a database error or a bug, which must stay loud."""
    if isinstance(exc, Refusal):
        return exc
    for kinds, convert in _CONVERSIONS:
        if isinstance(exc, kinds):
            return convert(exc)
    return None


def _invalid(exc):
    errors = field_errors(exc)
    if len(errors) == 1:
        return Malformed(errors[0].detail, code="invalid", errors=errors)
    return Malformed(_("有 %(count)s 处填写有误") % {"count": len(errors)}, code="invalid", errors=errors)


def _missing(exc):
    return Missing(_("没有这个对象，或者它不在您可以看到的范围内"))


def _throttled(exc):
    seconds = math.ceil(exc.wait or 60)
    return TooMany(_("请求过于频繁，请在 %(seconds)s 秒后重试") % {"seconds": seconds}, retry_after=seconds)


def _other(exc):
    """Exceptions DRF or a library adds one day: their status, and their words where it is the caller's mistake."""
    refusal = Failure() if exc.status_code >= 500 else Malformed(_words(exc))
    refusal.status = exc.status_code
    return refusal


def _words(exc):
    return str(exc.detail) if isinstance(exc.detail, str) else ""


_CONVERSIONS = (
    ((exceptions.ValidationError, DjangoValidationError), _invalid),
    ((Http404, exceptions.NotFound), _missing),
    (PermissionDenied, lambda exc: Forbidden(_("您没有执行此操作的权限"))),
    (exceptions.PermissionDenied, lambda exc: Forbidden(_words(exc))),
    (exceptions.NotAuthenticated, lambda exc: Unauthenticated(_("请先登录，或在 Authorization 头中带上访问令牌"))),
    (exceptions.AuthenticationFailed, lambda exc: Unauthenticated(_words(exc))),
    (exceptions.ParseError, lambda exc: Malformed(_words(exc))),
    (exceptions.MethodNotAllowed, lambda exc: MethodNotAllowed(_("此地址可用的方法见 Allow 头"))),
    (exceptions.NotAcceptable, lambda exc: NotAcceptable(_("只提供 application/json"))),
    (
        exceptions.UnsupportedMediaType,
        lambda exc: UnsupportedMediaType(_("请以 Content-Type: application/json 提交")),
    ),
    (exceptions.Throttled, _throttled),
    (exceptions.APIException, _other),
    (RequestDataTooBig, lambda exc: TooLarge(_("提交的内容超过上限，请减少内容或分批提交"))),
    ((SuspiciousOperation, BadRequest, UnreadablePostError, MultiPartParserError), lambda exc: Malformed()),
)
