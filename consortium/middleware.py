"""Middleware that belongs to no single part."""

import time

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import gettext as _

from toolkit.refusals import TooLarge
from toolkit.rest.problems import answer

SEEN = "seen_at"
REFRESH_AFTER = 60  # seconds
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


class BodyLimitMiddleware:
    """Refuse a body by what its head says of its length, before anything reads it or writes it to the disk.

    As a step towards the view and not around it, so that the refusal is a page of ours, or a problem document.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.BODY_MOST:
            return None
        words = _("提交的内容最大 %(most)s MB，请缩小文件后再提交。") % {"most": settings.BODY_MOST // 2**20}
        return answer(TooLarge(words), request)


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
