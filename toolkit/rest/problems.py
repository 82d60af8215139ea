"""Errors as application/problem+json (RFC 9457): from REST views, from middleware, and from Django itself.

`handler` is DRF's EXCEPTION_HANDLER. `bad_request`, `permission_denied`, `not_found`, `server_error` are the handlers
of the root URL configuration and `csrf_failure` is CSRF_FAILURE_VIEW: a problem below settings.PROBLEM_PREFIXES
(default "/api/", "/oauth2/"), a page elsewhere.
"""

import logging

from django.conf import settings
from django.http import HttpResponse
from django.urls import is_valid_path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ..pages.rendering import bare_page, refusal_page
from ..refusals import Failure, Forbidden, Malformed, Missing, Unauthenticated
from ..requests import current_request_id
from .conversion import refusal_from

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:"
CHALLENGE = 'Bearer realm="api"'
logger = logging.getLogger(__name__)


class ProblemRenderer(JSONRenderer):
    media_type = MEDIA_TYPE
    format = "problem"


def handler(exc, context):
    """What is no refusal (a database error, a bug) returns None and stays loud."""
    refusal = refusal_from(exc)
    if refusal is None:
        return None
    set_rollback()
    request = context.get("request")
    if request is not None:
        # finalize_response copies these onto the response
        request.accepted_renderer, request.accepted_media_type = ProblemRenderer(), MEDIA_TYPE
    headers = headers_for(refusal)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = getattr(exc, "auth_header", None) or CHALLENGE
    return Response(problem(refusal, request), status=refusal.status, headers=headers)


def problem(refusal, request=None):
    """The problem document as a dict of plain text and numbers."""
    return {
        "type": TYPE_PREFIX + refusal.kind,
        "title": str(refusal.title),
        "status": refusal.status,
        "code": refusal.code,
        "detail": str(refusal.detail),
        "request_id": getattr(request, "id", "") or current_request_id(),
        "errors": [_shown(error) for error in refusal.errors],
    }


def _shown(error) -> dict:
    where = {"header": error.header} if error.header else {"pointer": error.pointer}
    return {**where, "code": error.code, "detail": str(error.detail)}


def problem_response(refusal, request=None):
    """The same for plain Django views and middleware."""
    content = ProblemRenderer().render(problem(refusal, request))
    return HttpResponse(content, status=refusal.status, content_type=MEDIA_TYPE, headers=headers_for(refusal))


def headers_for(refusal):
    headers = {"Content-Language": get_language() or settings.LANGUAGE_CODE, "Cache-Control": "no-store"}
    if hasattr(refusal, "retry_after"):
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = CHALLENGE
    return headers


def answer(refusal, request):
    """The refusal in the form the request can read: a problem document, a fragment or a page."""
    if request.path.startswith(tuple(getattr(settings, "PROBLEM_PREFIXES", ("/api/", "/oauth2/")))):
        return problem_response(refusal, request)
    return refusal_page(refusal, request)


def bad_request(request, exception=None):
    return answer(refusal_from(exception) or Malformed(), request)


def permission_denied(request, exception=None):
    return answer(refusal_from(exception) or Forbidden(), request)


def not_found(request, exception=None):
    if not request.path_info.endswith("/") and is_valid_path(f"{request.path_info}/"):
        return answer(Missing(_("没有这个地址；地址应以斜杠结尾：%(path)s/") % {"path": request.path_info}), request)
    return answer(refusal_from(exception) or Missing(_("没有这个地址或对象")), request)


def server_error(request):
    failure = Failure(_("系统出错，已经记录。请稍后重试；若仍不行，请把请求编号告诉管理员"))
    try:
        return answer(failure, request)
    except Exception:
        # the page itself may be what is broken
        logger.exception("the error page failed")
        return bare_page(failure)


def csrf_failure(request, reason=""):
    detail = _("页面已过期，请刷新后重新提交")
    return answer(Forbidden(detail, code="csrf"), request)
