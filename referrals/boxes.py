"""The lists of a desk: named questions, each one side of the referral with its own order."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from referrals.models import Referral
from toolkit.refusals import FieldError, Malformed


@dataclass(frozen=True)
class Box:
    """A list: its title, the order its index serves, and the field of the time its rows are due by."""

    name: str
    title: str
    order: tuple[str, ...]
    permission: str = "referral.read"
    due: str = "deadline"


BOXES = {
    box.name: box
    for box in (
        Box("my_turn", _("待我处理"), ("turn_at", "id")),
        Box("incoming", _("转入"), ("-submitted_at", "-id")),
        Box("outgoing", _("转出"), ("-created_at", "-id")),
        Box("deferred", _("候诊名单"), ("turn_at", "id")),
        Box("to_complete", _("待补录"), ("completion_due", "id"), due="completion_due"),
        Box("to_review", _("绿色通道评审"), ("review_due", "id"), "referral.oversee", due="review_due"),
        Box("overseen", _("全部转诊"), ("-submitted_at", "-id"), "referral.oversee"),
    )
}


def box_named(name: str) -> Box:
    if name not in BOXES:
        words = _("box 应为：%(known)s") % {"known": ", ".join(BOXES)}
        raise Malformed(words, code="box", errors=[FieldError("/box", "choice", words)])
    return BOXES[name]


def rows_in(name: str, actor):
    """The referrals of a box for this actor, with everything a row shows, unordered."""
    rows = Referral.objects.as_rows().telling_turn_of(actor)
    if not actor.may("referral.read"):
        return rows.none()
    if name == "overseen":
        return rows.overseen_by(actor)
    if name == "to_review":
        return rows.to_be_reviewed_by(actor)
    if name == "to_complete":
        return rows.owing_paper(actor.institution_id)
    if name == "my_turn":
        return rows.turn_of(actor)
    if name == "outgoing":
        return rows.sent_by(actor.institution_id)
    if name == "deferred":
        return rows.deferred_at(actor.institution_id)
    return rows.received_by(actor.institution_id)


def how_many_in(name: str, actor, *, most: int) -> int:
    """How many rows a box has, counted no further than `most`."""
    return len(rows_in(name, actor).select_related(None).order_by().values_list("pk")[:most])
