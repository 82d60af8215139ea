"""Errors as application/problem+json (RFC 9457), for REST views and for what fails before one is reached."""

import logging
import math

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ..refusals import FieldError, Forbidden, Malformed, Missing, Refusal, TooLarge, TooMany
from ..requests import current_request_id
from .validation import field_errors

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:"
CHALLENGE = 'Bearer realm="api"'
logger = logging.getLogger(__name__)


class Unauthenticated(Refusal):
    status = 401
    kind = code = "unauthenticated"
    title = _("需要登录或访问令牌")


class MethodNotAllowed(Refusal):
    status = 405
    kind = code = "method_not_allowed"
    title = _("此地址不支持该方法")


class NotAcceptable(Refusal):
    status = 406
    kind = code = "not_acceptable"
    title = _("无法提供所要求的格式")


class UnsupportedMediaType(Refusal):
    status = 415
    kind = code = "unsupported_media_type"
    title = _("不支持的内容类型")


class Failure(Refusal):
    status = 500
    kind = code = "server_error"
    title = _("系统出错")


class ProblemRenderer(JSONRenderer):
    media_type = MEDIA_TYPE
    format = "problem"


def handler(exc, context):
    """DRF's EXCEPTION_HANDLER. What is no refusal (a database error, a bug) returns None and stays loud."""
    refusal = refusal_from(exc)
    if refusal is None:
        return None
    set_rollback()
    request = context.get("request")
    if request is not None:
        # finalize_response copies these onto the response
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), MEDIA_TYPE
    headers = {**headers_for(refusal, request), **_kept_headers(exc)}
    return Response(problem(refusal, request), status=refusal.status, headers=headers, content_type=MEDIA_TYPE)


def problem(refusal, request=None):
    """The problem document as a dict of plain text and numbers."""
    return {
        "type": TYPE_PREFIX + refusal.kind,
        "title": str(refusal.title),
        "status": refusal.status,
        "code": refusal.code,
        "detail": str(refusal.detail),
        "request_id": getattr(request, "id", "") or current_request_id(),
        "errors": [{"pointer": each.pointer, "code": each.code, "detail": str(each.detail)} for each in refusal.errors],
    }


def problem_response(refusal, request=None):
    """The same for plain Django views and middleware."""
    content = ProblemRenderer().render(problem(refusal, request))
    headers = headers_for(refusal, request)
    return HttpResponse(content, status=refusal.status, content_type=MEDIA_TYPE, headers=headers)


def headers_for(refusal, request=None):
    headers = {"Content-Language": get_language() or "zh-hans", "Cache-Control": "no-store"}
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = CHALLENGE
    return headers


def refusal_from(exc):
    """The Refusal an exception amounts to, None when it is none of ours."""
    if isinstance(exc, Refusal):
        return exc
    if isinstance(exc, (exceptions.ValidationError, DjangoValidationError)):
        return _invalid(exc)
    for kinds, convert in _CONVERSIONS:
        if isinstance(exc, kinds):
            return convert(exc)
    return None


def _invalid(exc):
    errors = field_errors(exc)
    if len(errors) == 1:
        return Malformed(errors[0].detail, code="invalid", errors=errors)
    return Malformed(_("有 %(count)s 处填写有误") % {"count": len(errors)}, code="invalid", errors=errors)


def _other(exc):
    refusal = Failure() if exc.status_code >= 500 else Malformed(exc.detail if isinstance(exc.detail, str) else "")
    refusal.status = exc.status_code
    return refusal


def _throttled(exc):
    seconds = math.ceil(exc.wait or 60)
    return TooMany(_("请求过于频繁,请在 %(seconds)s 秒后重试") % {"seconds": seconds}, retry_after=seconds)


def _unsupported(exc):
    return UnsupportedMediaType(_("请以 Content-Type: application/json 提交"))


_CONVERSIONS = (
    ((Http404, exceptions.NotFound), lambda exc: Missing(_("没有这个对象,或您不在可以看到它的范围内"))),
    (PermissionDenied, lambda exc: Forbidden(_("您没有执行此操作的权限"))),
    (exceptions.PermissionDenied, lambda exc: Forbidden(exc.detail)),
    (exceptions.NotAuthenticated, lambda exc: Unauthenticated(_("请先登录,或在 Authorization 头中带上访问令牌"))),
    (exceptions.AuthenticationFailed, lambda exc: Unauthenticated(exc.detail)),
    (exceptions.ParseError, lambda exc: Malformed(exc.detail)),
    (exceptions.MethodNotAllowed, lambda exc: MethodNotAllowed()),
    (exceptions.NotAcceptable, lambda exc: NotAcceptable(_("只提供 application/json"))),
    (exceptions.UnsupportedMediaType, _unsupported),
    (exceptions.Throttled, _throttled),
    (exceptions.APIException, _other),
    (RequestDataTooBig, lambda exc: TooLarge(_("提交的内容超过上限,请减少内容或分批提交"))),
    ((SuspiciousOperation, BadRequest, UnreadablePostError), lambda exc: Malformed()),
)


def _kept_headers(exc):
    challenge = getattr(exc, "auth_header", None)
    return {"WWW-Authenticate": challenge} if challenge else {}


__all__ = ["FieldError", "ProblemRenderer", "handler", "problem", "problem_response", "refusal_from"]
