"""An inquiry as pages show it: a row of a list, the thread, whom to call."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from advice.actions.attaching import may_withdraw
from advice.models import Inquiry
from advice.transcript import outcome_words, person_words
from advice.workflow import LIFE
from records.masking import age_words
from referrals.showing.attachments import Files, shown
from referrals.showing.hands import hand_of
from referrals.showing.patients import masked_name
from referrals.showing.totals import Total
from toolkit.pages.remaining import remaining

REMINDED = (
    gettext_lazy("逾期，已提醒科室"),
    gettext_lazy("逾期，已提醒服务台和总值班"),
    gettext_lazy("逾期，已提醒医联体办公室"),
)
"""Who was told at each step of the ladder."""


class Row:
    """One line of a box. Needs what `Inquiry.objects.as_rows()` loads."""

    def __init__(self, inquiry, actor):
        self.inquiry, self._actor = inquiry, actor

    @cached_property
    def hand(self):
        return hand_of(self.inquiry, self._actor)

    @property
    def who(self) -> str:
        return who_of(self.inquiry)

    @property
    def level(self) -> str:
        """How pressing: late, soon, ok, or "" without a deadline."""
        left = remaining(self.inquiry.deadline)
        return left.level if left else ""


def who_of(inquiry) -> str:
    """Whom it is about, masked: 王*英 女 68岁, or only sex and age."""
    if inquiry.patient is None:
        return _("未具名 %(who)s") % {"who": person_words(inquiry)}
    patient = inquiry.patient
    return " ".join([masked_name(patient), str(patient.get_sex_display()), age_words(patient)])


@dataclass(frozen=True)
class Said:
    """A word of the thread, or between them a thin line without `text`."""

    label: str
    at: datetime
    who: str = ""
    side: str = ""
    text: str = ""
    outcome: str = ""
    parts: list = field(default_factory=list)


def thread_of(inquiry, entries, *, opened: bool) -> list[Said]:
    """The thread from its entries, oldest first; words only where the record is `opened`."""
    return [_said(entry, inquiry, opened) for entry in entries]


def _said(entry, inquiry, opened: bool) -> Said:
    first = entry.verb == "ask"
    house = entry.institution.label if entry.institution_id else _("系统自动")
    return Said(
        label=_label(entry),
        at=entry.written_at,
        who=" ".join(filter(None, [house, entry.department_name, entry.actor_name])),
        side=entry.side,
        text=(inquiry.question if first else entry.text) if opened else "",
        outcome=outcome_words(entry) if opened else "",
        parts=_parts(inquiry) if first and opened else [],
    )


def _label(entry) -> str:
    if entry.verb == "ask":
        return _("提问")
    if entry.verb == "escalate":
        return str(REMINDED[min(entry.facts.get("rung", 1), len(REMINDED)) - 1])
    return str(LIFE.moves[entry.verb].label)


def _parts(inquiry) -> list[tuple[str, str]]:
    found = [(_("已做的处理"), inquiry.done), (_("生命体征"), inquiry.vitals), (_("用药"), inquiry.medications)]
    return [(label, text) for label, text in found if text]


def files_of(inquiry, actor) -> Files:
    """Everything attached, the withdrawn included. One query."""
    may_take_back = LIFE.why_not(inquiry, "withdraw_attachment", actor) is None
    rows = [_file(inquiry, row, actor, may_take_back) for row in inquiry.attachments.for_showing()]
    may_add = LIFE.why_not(inquiry, "attach", actor) is None
    return Files(rows, reverse("advice:attach", args=[inquiry.number]) if may_add else "")


def _file(inquiry, row, actor, may_take_back):
    at = [inquiry.number, row.ordinal]
    mine = may_take_back and may_withdraw(row, inquiry, actor)
    withdraw = reverse("advice:attachment_withdraw", args=at) if mine else ""
    return shown(row, address=reverse("advice:attachment", args=at), withdraw=withdraw)


def contacts_of(inquiry) -> list[dict]:
    """Whom to call on both sides."""
    sender, receiver = inquiry.sender, inquiry.receiver
    asker = " ".join(filter(None, [str(inquiry.sender_department or ""), inquiry.author_name]))
    asking = [(_("提问医生"), inquiry.author_phone), (_("总值班"), sender.duty_phone)]
    answering = [(_("科室"), inquiry.department.phone), (_("总值班"), receiver.duty_phone)]
    return [
        _contact(_("咨询方"), sender.name, asker, asking),
        _contact(_("答复方"), receiver.name, inquiry.department.name, answering),
    ]


def _contact(side, name, department, lines) -> dict:
    return {"side": side, "name": name, "department": department, "lines": [line for line in lines if line[1]]}


def totals_of(actor) -> list[Total]:
    """Of what the office oversees: how many wait too long for an answer, and how each status stands. One query."""
    late = Count("pk", filter=Q(status="open", deadline__lt=timezone.now()))
    rows = Inquiry.objects.overseen_by(actor).order_by().values("status").annotate(count=Count("pk"), late=late)
    counts, overdue = Counter(), 0
    for row in rows:
        counts[row["status"]] += row["count"]
        overdue += row["late"]
    if not counts:
        return []
    shown_ones = [code for code in ("open", "answered", "converted", "closed") if counts[code]]
    labels = {code: str(LIFE.states[code].label) for code in shown_ones}
    totals = [Total(labels[code], counts[code], urlencode({"status": code})) for code in shown_ones]
    return [Total(_("已超时"), overdue, urlencode({"overdue": "on"}), late=True), *totals]
