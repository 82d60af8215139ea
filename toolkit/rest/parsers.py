"""JSON as the database can hold it.

Python reads more than PostgreSQL stores and than JSON allows: NUL, lone surrogates, NaN, repeated names, numbers
without bounds, towers of brackets. All of that ends here as 400 with a pointer, not further down as 500.
"""

import json
import math
import re

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import JSONRenderer

from ..refusals import FieldError, Malformed, TooLarge
from ..texts import TURNING
from .validation import pointer_part

MAX_DEPTH = 50
MOST_ERRORS = 50
TURNED = _("文本不能含有改变文字方向的控制字符（U+202A–202E、U+2066–2069）")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBERS = range(-(2**63), 2**63)


class FilesParser(MultiPartParser):
    """multipart/form-data; its fields are judged like the strings of a JSON body."""

    def parse(self, stream, media_type=None, parser_context=None):
        found = super().parse(stream, media_type, parser_context)
        turned = [name for name, values in found.data.lists() if any(TURNING.search(value) for value in values)]
        if turned:
            raise Malformed.of(pointer_part(turned[0]), "bad_character", TURNED)
        return found


class JSONParser(BaseParser):
    """Bodies up to settings.DATA_UPLOAD_MAX_MEMORY_SIZE; REST bodies are read past Django's own check."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        value = read(_body(stream))
        errors = []
        for error in _faults(value):
            errors.append(error)
            if len(errors) == MOST_ERRORS:
                break
        if errors:
            raise Malformed(errors[0].detail, code=errors[0].code, errors=errors)
        return value


def read(body):
    """Bytes → Python value, or Malformed."""
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise Malformed(_("请求体应为 UTF-8 编码的 JSON"), code="not_utf8") from error
    except json.JSONDecodeError as error:
        detail = _("请求体不是有效的 JSON(第 %(line)s 行第 %(column)s 列)") % {
            "line": error.lineno,
            "column": error.colno,
        }
        raise Malformed(detail, code="not_json") from error
    except RecursionError as error:
        raise _too_deep("") from error
    except ValueError as error:
        raise Malformed(_("请求体中的数字过长"), code="number_too_large") from error


class _Repeated(dict):
    """An object that names something twice; `name` is the first such name."""

    name = ""


def _object(pairs):
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = _Repeated(found)
    names = [name for name, _value in pairs]
    found.name = next(name for at, name in enumerate(names) if name in names[:at])
    return found


def _body(stream):
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = stream.read() if limit is None else stream.read(limit + 1)
    if limit is not None and len(body) > limit:
        raise TooLarge(_("提交的内容超过 %(most)s 字节的上限") % {"most": limit})
    return body


def _faults(root):
    """Every value that cannot be taken, found without recursion."""
    waiting = [("", root, 0)]
    while waiting:
        pointer, value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(pointer)
        if isinstance(value, dict):
            yield from _name_faults(pointer, value)
            children = [(pointer + _part(name), each, depth + 1) for name, each in value.items()]
            waiting.extend(reversed(children))
        elif isinstance(value, list):
            waiting.extend((f"{pointer}/{at}", value[at], depth + 1) for at in reversed(range(len(value))))
        else:
            yield from _scalar_faults(pointer, value)


def _name_faults(pointer, value):
    if isinstance(value, _Repeated):
        yield FieldError(pointer + _part(value.name), "repeated_name", _("同一个名称只能出现一次"))
    for name in value:
        if _UNSTORABLE.search(name):
            yield FieldError(
                pointer + _part(name), "bad_character", _("名称不能含有空字符（NUL）或不完整的 Unicode 字符")
            )


def _scalar_faults(pointer, value):
    if isinstance(value, str) and _UNSTORABLE.search(value):
        yield FieldError(pointer, "bad_character", _("文本不能含有空字符（NUL）或不完整的 Unicode 字符"))
    elif isinstance(value, str) and TURNING.search(value):
        yield FieldError(pointer, "bad_character", TURNED)
    elif isinstance(value, float) and not math.isfinite(value):
        yield FieldError(pointer, "not_a_number", _("应为有限的数字，不能是 NaN 或 Infinity"))
    elif isinstance(value, int) and value not in _NUMBERS:
        yield FieldError(pointer, "number_too_large", _("整数超出 64 位范围"))


def _part(name):
    return pointer_part(_UNSTORABLE.sub("\ufffd", name))


def _too_deep(pointer):
    detail = _("JSON 嵌套过深，最多 %(most)s 层") % {"most": MAX_DEPTH}
    return Malformed.of("/".join(pointer.split("/")[:6]), "too_deep", detail)
