"""Blank slips: printed beforehand for days without network, entered afterwards with the times as they were.

A number that stood on paper belongs to one patient for ever: it stays with its referral even when that is discarded.
"""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.log import record
from referrals.actions.moments import check_moment, check_paper
from referrals.actions.numbering import give_numbers
from referrals.models import BlankSlip
from referrals.models.blank import FORMS
from toolkit.identifiers.numbers import is_referral_number, normalise
from toolkit.refusals import Conflict, FieldError, Findings, Refused

MOST_AT_ONCE = 50
LONGEST_REASON = 200
RENAMED = ("", "refer_back", "resubmit")
"""How a draft came about that may still take the number of a paper: nobody else has been told the number it has."""


def require_paper(actor) -> None:
    """Blank paper is for who writes referrals and for who sends them off."""
    if not actor.may("referral.write"):
        actor.require("referral.send")


@transaction.atomic
def print_blanks(*, actor, count: int, direction: str) -> list[BlankSlip]:
    """Number so many sheets of one form for the actor's institution; answers them in the order of printing."""
    require_paper(actor)
    findings = Findings()
    if not (isinstance(count, int) and 1 <= count <= MOST_AT_ONCE):
        findings.add("/count", "range", _("一次可印 1 至 %(most)s 张。") % {"most": MOST_AT_ONCE})
    if direction not in FORMS:
        findings.add("/direction", "choice", _("请选择转出单或回转单。"))
    findings.raise_if_any()
    shared = {
        "batch": uuid.uuid4(),
        "institution_id": actor.institution_id,
        "direction": direction,
        "printed_by_id": actor.user_id,
        "printed_by_name": actor.name,
        "printed_at": timezone.now().replace(second=0, microsecond=0),  # times on paper know no seconds
    }
    made = BlankSlip.objects.bulk_create(BlankSlip(number=number, **shared) for number in give_numbers(count))
    numbers = [blank.number for blank in made]
    record("blank.printed", actor=actor, subject=f"blanks:{shared['batch']}", direction=direction, numbers=numbers)
    return made


@transaction.atomic
def reprint_blank(blank, *, actor) -> BlankSlip:
    """Another sheet with the same number, because the first was lost or the printer ate it."""
    require_paper(actor)
    locked = _locked(blank)
    _refuse_spent(locked)
    locked.reprints += 1
    locked.save(update_fields=["reprints"])
    record("blank.reprinted", actor=actor, subject=locked, number=locked.number, times=locked.reprints)
    return locked


@transaction.atomic
def spoil_blank(blank, *, actor, reason: str) -> BlankSlip:
    """Torn, misprinted or lost: the number is never used. The reason is for the house, not for the event."""
    require_paper(actor)
    reason = reason.strip()
    if not reason:
        raise Refused.of("/reason", "required", _("请写明作废原因，如：填写错误、污损、遗失。"))
    if len(reason) > LONGEST_REASON:
        raise Refused.of("/reason", "too_long", _("作废原因最多 %(most)s 字。") % {"most": LONGEST_REASON})
    locked = _locked(blank)
    _refuse_spent(locked)
    locked.spoiled_at, locked.spoil_reason = timezone.now(), reason
    locked.spoiled_by_id, locked.spoiled_by_name = actor.user_id, actor.name
    locked.save(update_fields=["spoiled_at", "spoil_reason", "spoiled_by", "spoiled_by_name"])
    record("blank.spoiled", actor=actor, subject=locked, number=locked.number)
    return locked


# --- entering ---------------------------------------------------------------------------------------------------------


def check_entry(actor, number: str, written_at=None, *, referral=None) -> None:
    """Everything that is wrong with entering this paper, at once; as `take_blank` would find it, without taking it."""
    _judged(BlankSlip.objects.all(), actor, number, written_at, referral)


def take_blank(actor, number: str, written_at=None, *, referral=None) -> BlankSlip:
    """The paper of that number, locked; of two who enter it at once the second hears that it is used.

    `referral` is the draft that is to bear the number, or bears it already.
    """
    return _judged(BlankSlip.objects.select_for_update(of=("self",)), actor, number, written_at, referral)


def bind_blank(blank, referral, *, actor, written_at=None, was: str = "") -> None:
    """The referral, saved with the paper's number, has it for ever. `was` is the number the draft had before."""
    if blank.used_by_id is None:
        facts = {"number": blank.number} | ({"was": was} if was else {})
        record("blank.entered", actor=actor, subject=referral, **facts)
    blank.used_by = referral
    blank.written_at = written_at or blank.written_at
    blank.save(update_fields=["used_by", "written_at"])


def renumber(referral, number: str, *, actor, written_at=None) -> None:
    """Give a locked draft the number that stands on paper, or another time to the paper it has. Saves neither."""
    if not number:
        return
    blank = take_blank(actor, number, written_at, referral=referral)
    was = referral.number
    if was != blank.number:
        _refuse_known(referral)
        referral.number = blank.number
        referral.save(update_fields=["number"])
        _follow_in_parent(referral, was)
    bind_blank(blank, referral, actor=actor, written_at=written_at, was=was if was != blank.number else "")


def left_at(referral, occurred_at=None):
    """When a referral on paper was really sent: as told now, else as it was entered. None where there is no paper.

    What is told is kept for who reviews it afterwards. Without either the paper's time is asked for.
    """
    blank = getattr(referral, "blank", None)
    if blank is None or referral.submitted_at is not None:
        return occurred_at
    if occurred_at is None and blank.written_at is None:
        raise Refused.of("/occurred_at", "required", _("请填写纸质单上的转出时间。"))
    check_paper(blank, "/occurred_at", occurred_at)
    if occurred_at and occurred_at != blank.written_at:
        blank.written_at = occurred_at
        blank.save(update_fields=["written_at"])
    return blank.written_at


def _judged(rows, actor, number, written_at, referral) -> BlankSlip:
    if not is_referral_number(number):
        raise Refused.of(
            "/blank_number", "check_digit", _("纸质单号应为 R 加 11 位数字，最后一位是校验位；请核对是否抄错。")
        )
    blank = rows.filter(institution_id=actor.institution_id, number=normalise(number)).first()
    if blank is None:
        raise Refused.of("/blank_number", "unknown", _("本机构没有印发过这个单号的空白转诊单，请核对单号。"))
    if referral is None or blank.used_by_id != referral.pk:
        _refuse_spent(blank)
    check_moment("/occurred_at", written_at)
    check_paper(blank, "/occurred_at", written_at)
    return blank


def _refuse_spent(blank) -> None:
    """A sheet serves once. The sentence is for the house that printed it."""
    words = {"number": blank.number, "reason": blank.spoil_reason}
    if blank.spoiled_at:
        detail = _("空白单 %(number)s 已作废（%(reason)s），不能再用。") % words
    elif blank.used_by_id:
        detail = _("空白单 %(number)s 已经录入，请在该转诊单上办理。") % words
    else:
        return
    raise Conflict(detail, code=blank.state, errors=[FieldError("/blank_number", blank.state, detail)])


def _refuse_known(referral) -> None:
    """The number of a draft may change as long as nobody else has it: not on other paper, not in a message."""
    if getattr(referral, "blank", None):
        words = _("这份草稿已用纸质单号 %(number)s，不能再换；抄错时请删除草稿，用正确的单号重新录入。")
    elif referral.status != "draft" or referral.link not in RENAMED or referral.steps.exists():
        words = _("单号 %(number)s 已告知他人，不能再换成纸质单号。")
    else:
        return
    detail = words % {"number": referral.number}
    raise Refused.of("/blank_number", "fixed", detail)


def _follow_in_parent(referral, was: str) -> None:
    """The step that opened this draft names it: the way from the one to the other must not break."""
    if referral.parent_id is None:
        return
    for step in referral.parent.steps.filter(verb=referral.link):
        if step.facts.get("number") == was:
            step.facts["number"] = referral.number
            step.save(update_fields=["facts"])


def _locked(blank) -> BlankSlip:
    return BlankSlip.objects.select_for_update(of=("self",)).get(pk=blank.pk)
