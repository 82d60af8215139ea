"""Refusals: what the system says no to, as one family of exceptions.

An act raises a Refusal; REST renders it as a problem document, a page as a sentence. Every detail is a
translated sentence that says what would be right.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class FieldError:
    """One wrong value. `pointer` is a JSON pointer (RFC 6901) such as "/patient/birth_date"; "" is the whole.

    Of a request header that is wrong `header` is the name; a pointer leads into the body alone.
    """

    pointer: str
    code: str
    detail: str
    header: str = ""


class Refusal(Exception):
    """`detail` is the sentence, `code` the stable word for it, `errors` a tuple of FieldError."""

    status = 422
    kind = code = "refused"
    title = _("不符合规则")

    def __init__(self, detail="", *, code=None, errors=()):
        super().__init__(detail)
        self.detail = detail or self.title
        self.code = code or type(self).code
        self.errors = tuple(errors)

    def __str__(self):
        return str(self.detail)

    @classmethod
    def of(cls, pointer, code, detail):
        """The refusal of one field: the same sentence for the whole and for the field."""
        return cls(detail, code=code, errors=(FieldError(pointer, code, detail),))


class Malformed(Refusal):
    status = 400
    kind = code = "malformed"
    title = _("请求格式有误")


class Forbidden(Refusal):
    status = 403
    kind = code = "forbidden"
    title = _("没有权限")


class Missing(Refusal):
    status = 404
    kind = code = "not_found"
    title = _("未找到")


class Conflict(Refusal):
    status = 409
    kind = code = "conflict"
    title = _("与现有情况冲突")


class LengthRequired(Refusal):
    status = 411
    kind = code = "length_required"
    title = _("缺少内容长度")


class Stale(Refusal):
    status = 412
    kind = code = "stale"
    title = _("内容已有更新")


class TooLarge(Refusal):
    status = 413
    kind = code = "too_large"
    title = _("提交的内容过大")


class Refused(Refusal):
    status = 422
    kind = code = "refused"
    title = _("不符合规则")


class PreconditionRequired(Refusal):
    status = 428
    kind = code = "precondition_required"
    title = _("缺少版本号")


class TooMany(Refusal):
    """`retry_after` is in whole seconds."""

    status = 429
    kind = code = "too_many"
    title = _("请求过于频繁")

    def __init__(self, detail="", *, retry_after=60, code=None, errors=()):
        super().__init__(detail, code=code, errors=errors)
        self.retry_after = max(1, int(retry_after))


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


class Findings:
    """Collects what is wrong, so that a person learns of everything at once.

    findings = Findings()
    findings.add("/birth_date", "future", _("出生日期不能晚于今天"))
    findings.raise_if_any()
    """

    def __init__(self):
        self.errors = []

    def __bool__(self):
        return bool(self.errors)

    def add(self, pointer, code, detail):
        self.errors.append(FieldError(pointer, code, detail))

    def extend(self, errors, under=""):
        """Take over FieldErrors of a part; `under` is the pointer of that part in the whole."""
        self.errors.extend(FieldError(under + each.pointer, each.code, each.detail) for each in errors)

    def raise_if_any(self, refusal=Refused):
        if not self.errors:
            return
        if len(self.errors) == 1:
            only = self.errors[0]
            raise refusal(only.detail, code=only.code, errors=self.errors)
        raise refusal(_("有 %(count)s 处需要更正") % {"count": len(self.errors)}, errors=self.errors)
