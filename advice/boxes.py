"""The lists of inquiries: named questions, each with the order its index serves."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from advice.models import Inquiry
from toolkit.refusals import FieldError, Malformed


@dataclass(frozen=True)
class Box:
    """A list: its title, its order, who it is for, and what stands in its place while it is empty."""

    name: str
    title: str
    order: tuple[str, ...]
    empty: str
    permission: str = "referral.read"


BOXES = {
    box.name: box
    for box in (
        Box("my_turn", _("待我处理"), ("turn_at", "id"), _("现在没有等您答复或处理的咨询"), "advice.ask"),
        Box("asked", pgettext_lazy("inquiry", "我方提问"), ("-created_at", "-id"), _("本机构还没有提出咨询")),
        Box("received", pgettext_lazy("inquiry", "问到我方"), ("-created_at", "-id"), _("还没有问到本机构的咨询")),
        Box("overseen", _("全部咨询"), ("-created_at", "-id"), _("医联体内还没有咨询"), "referral.oversee"),
    )
}


def box_named(name: str) -> Box:
    if name not in BOXES:
        words = _("box 应为：%(known)s") % {"known": ", ".join(BOXES)}
        raise Malformed(words, code="box", errors=[FieldError("/box", "choice", words)])
    return BOXES[name]


def open_to(actor) -> list[Box]:
    """The lists this actor has, in their order."""
    return [box for box in BOXES.values() if actor.may(box.permission)]


def rows_in(name: str, actor):
    """The inquiries of a box for this actor, with everything a row shows, unordered."""
    rows = Inquiry.objects.as_rows().telling_turn_of(actor)
    if not actor.may("referral.read"):
        return rows.none()
    if name == "overseen":
        return rows.overseen_by(actor)
    if name == "my_turn":
        return rows.turn_of(actor)
    if name == "asked":
        return rows.asked_by(actor.institution_id)
    return rows.put_to(actor.institution_id)


def how_many_in(name: str, actor, *, most: int) -> int:
    """How many rows a box has, counted no further than `most`."""
    return len(rows_in(name, actor).select_related(None).order_by().values_list("pk")[:most])
