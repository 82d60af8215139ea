"""ETag is the version of the object; a change must name the version it was made from (RFC 9110 §13.1.1)."""

import re

from django.utils.translation import gettext_lazy as _

from ..refusals import Malformed, PreconditionRequired

# proxies that compress weaken the tag on its way, so the weak form of our own tag is understood
_TAG = re.compile(r'(?:W/)?"(\d{1,18})"', re.ASCII)


def etag(version):
    """3 → '"3"'."""
    return f'"{version}"'


def parse_if_match(header):
    """'"3"' → 3, or Malformed. "*" and lists are refused: they would not say which version was seen."""
    match = _TAG.fullmatch(header.strip())
    if not match:
        detail = _('If-Match 应为读取时返回的 ETag，形如 "3"（含引号）')
        raise Malformed(detail, code="bad_if_match")
    return int(match[1])


def require_version(request):
    """The version named by If-Match; PreconditionRequired when there is none."""
    header = request.headers.get("If-Match", "")
    if not header.strip():
        detail = _("修改前请先读取，并在 If-Match 头中带上返回的 ETag，以免覆盖他人的更改")
        raise PreconditionRequired(detail)
    return parse_if_match(header)
