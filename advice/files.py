"""Files between an inquiry and whoever brings or reads them. Pages and REST do the same."""

from django.utils.translation import gettext_lazy as _

from advice.parties import is_open, open_for
from advice.workflow import LIFE
from referrals.attachments import PURPOSE, answer_with, find_attachment, look_at
from toolkit.refusals import Forbidden


def receive(inquiry, actor, upload):
    """What came, looked at (`toolkit.uploads.Clean`); asks first whether it may be attached. Outside of the act."""
    refusal = LIFE.why_not(inquiry, "attach", actor)
    if refusal:
        raise refusal
    return look_at(inquiry, actor, upload)


def require_open(inquiry, actor) -> None:
    if not is_open(inquiry, actor):
        raise Forbidden(_("咨询内容和附件只对有查看依据的双方医务人员开放。"))


def content_of(inquiry, ordinal: int, actor, *, route: str):
    require_open(inquiry, actor)
    return answer_with(
        find_attachment(inquiry, ordinal),
        number=inquiry.number,
        opening=lambda: open_for(inquiry, actor, purpose=PURPOSE, route=route),
    )
