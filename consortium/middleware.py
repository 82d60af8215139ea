"""Middleware that belongs to no single part."""

import time
from io import BytesIO

from django.conf import settings
from django.middleware.common import CommonMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import gettext as _

from toolkit.refusals import LengthRequired, Malformed, Refusal, TooLarge, UnsupportedMediaType
from toolkit.rest.problems import answer
from toolkit.texts import without_turning

SEEN = "seen_at"
REFRESH_AFTER = 60  # seconds
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
BACKGROUND_HEADER = "X-Background"


class IdleSessionMiddleware:
    """Let a session end after SESSION_COOKIE_AGE without a human act.

    The expiry moves with each request, written at most once a minute. Requests the page makes by itself
    (header X-Background: the unread counter) do not count as presence; autosave does, it follows somebody's typing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if BACKGROUND_HEADER not in request.headers and "_auth_user_id" in request.session:
            now = int(time.time())
            if now - request.session.get(SEEN, 0) >= REFRESH_AFTER:
                request.session[SEEN] = now
        return response


class BodyMiddleware:
    """Refuse a body by what its head says of it, before anything reads it or writes it to the disk.

    As a step towards the view and not around it, so that the refusal is a page of ours, or a problem document. Django
    takes a body without a length (`Transfer-Encoding: chunked`) for none: it is read here, up to what JSON may be.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        try:
            _check_length(request)
            if request.method not in SAFE:
                _check_form_of(request)
                _take_chunks(request)
        except Refusal as refusal:
            return answer(refusal, request)
        if _is_form_of_a_page(request):
            request.POST = without_turning(request.POST)
        return None


def _check_length(request) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > settings.BODY_MOST:
        words = _("提交的内容最大 %(most)s MB，请缩小文件后再提交。") % {"most": settings.BODY_MOST // 2**20}
        raise TooLarge(words)


def _take_chunks(request) -> None:
    """Put the whole body where Django looks for it; only from a server that says where it ends."""
    if "Transfer-Encoding" not in request.headers:
        return
    chunked = request.headers["Transfer-Encoding"].strip().lower() == "chunked"
    if not (chunked and request.META.get("wsgi.input_terminated")):
        raise LengthRequired(_("请在 Content-Length 头中写明请求体的长度。"))
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        body = request.META["wsgi.input"].read(most + 1)
    except Exception as broken:  # each server has errors of its own for a line that breaks
        raise Malformed(_("请求体没有传完，请重新提交。")) from broken
    if len(body) > most:
        words = _("不写明 Content-Length（分块传输）的请求体最大 %(most)s 字节；更大的文件请写明长度。")
        raise TooLarge(words % {"most": most})
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = BytesIO(body)


def _check_form_of(request) -> None:
    """Compressed bodies and other alphabets would be read as something they are not."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise UnsupportedMediaType(_("请求体不要压缩：不支持 Content-Encoding。"))
    if request.content_params.get("charset", "utf-8").strip().lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(_("请求体应以 UTF-8 编码。"))


def _is_form_of_a_page(request) -> bool:
    """Those the CSRF check reads next anyway; what comes to REST its own parsers judge."""
    return request.method == "POST" and not request.path_info.startswith(("/api/", "/oauth2/"))


class SlashMiddleware(CommonMiddleware):
    """An address without its last slash is sent on, but for what writes to REST: a redirect would lose the body."""

    def should_redirect_with_slash(self, request):
        writes = request.method not in ("GET", "HEAD")
        return not (writes and request.path_info.startswith("/api/")) and super().should_redirect_with_slash(request)


class ChineseFirstMiddleware(LocaleMiddleware):
    """Pages are Chinese until somebody chooses otherwise; REST follows the caller's Accept-Language.

    Many a ward PC runs an English browser, and nobody there has asked for English.
    """

    def process_request(self, request):
        if request.path_info.startswith("/api/"):
            return super().process_request(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        try:
            language = translation.get_supported_language_variant(chosen)
        except LookupError:
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return None
