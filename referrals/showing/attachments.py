"""The files of a referral as the page lists them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referrals import origins
from referrals.actions.attaching import may_withdraw
from referrals.attachments import examined_on
from referrals.codes import CONTINUING
from referrals.workflow import LIFE

ICONS = {"jpeg": "photo", "png": "photo", "pdf": "file-type-pdf", "dicom": "scan"}
DIFFERS = {"sex": gettext_lazy("性别"), "birth_date": gettext_lazy("出生日期")}
PICTURES = {"jpeg", "png"}


@dataclass(frozen=True)
class Shown:
    """One row. Of a withdrawn one neither name nor address, only that it was there and why it is gone."""

    ordinal: int
    kind: str
    title: str
    icon: str
    size: str
    by: str
    at: datetime
    facts: list = field(default_factory=list)
    warning: str = ""
    address: str = ""
    picture: bool = False
    download: bool = False
    width: int = 0
    height: int = 0
    withdraw: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""


@dataclass(frozen=True)
class Files:
    """`add` is the address of the form, "" where this reader may add nothing now."""

    rows: list[Shown]
    add: str

    @property
    def standing(self) -> int:
        return sum(row.withdrawn_at is None for row in self.rows)


def files_of(referral, actor, steps) -> Files:
    """Everything attached, the withdrawn included. One query; none where neither steps nor link speak of a file."""
    carried = referral.link in CONTINUING or origins.is_origin(referral.link)
    any_there = carried or any(step.verb == "attach" for step in steps)
    rows = referral.attachments.for_showing() if any_there else []
    rows = [shown_to(actor, referral, row) for row in rows]
    may_add = LIFE.why_not(referral, "attach", actor) is None
    return Files(rows, reverse("referrals:attach", args=[referral.number]) if may_add else "")


def shown_to(actor, referral, row) -> Shown:
    at = [referral.number, row.ordinal]
    withdraw = reverse("referrals:attachment_withdraw", args=at) if _may(referral, row, actor) else ""
    return shown(row, address=reverse("referrals:attachment", args=at), withdraw=withdraw)


def shown(row, *, address: str, withdraw: str) -> Shown:
    """One attached file, whatever it belongs to; `withdraw` is "" for who may not take it back."""
    stored = row.stored
    common = {
        "ordinal": row.ordinal,
        "kind": row.get_kind_display(),
        "icon": ICONS[stored.form],
        "by": f"{row.institution.label} {row.added_by_name}".strip(),
        "at": row.added_at,
        "size": size_words(stored.size),
    }
    if row.withdrawn_at:
        gone = {name: getattr(row, name) for name in ("withdrawn_at", "withdrawn_reason")}
        return Shown(title="", withdrawn_by=row.withdrawn_by_name or _("系统"), **gone, **common)
    return Shown(
        title=row.title or row.file_name,
        facts=facts_words(stored.facts),
        warning=warning_of(stored.facts),
        address=address,
        picture=stored.form in PICTURES,
        download=stored.form == "dicom",
        width=stored.facts.get("width", 0),
        height=stored.facts.get("height", 0),
        withdraw=withdraw,
        **common,
    )


def _may(referral, row, actor) -> bool:
    return may_withdraw(row, referral, actor) and LIFE.why_not(referral, "withdraw_attachment", actor) is None


def facts_words(facts: dict) -> list[str]:
    """What the file says of itself and nobody is named by: 12 页; CT, 2026-03-10, CHEST, 512 × 512."""
    words = [facts.get("modality"), _study(facts), facts.get("body_part")]
    if facts.get("pages"):
        words.append(_("%(count)s 页") % {"count": facts["pages"]})
    if facts.get("rows") and facts.get("columns"):
        words.append(f"{facts['columns']} × {facts['rows']}")
    if facts.get("frames", 0) > 1:
        words.append(_("%(count)s 帧") % {"count": facts["frames"]})
    return [word for word in words if word]


def _study(facts) -> str:
    day = examined_on(facts)
    return _("检查日期 %(day)s") % {"day": date_format(day, "Y-m-d")} if day else ""


def warning_of(facts: dict) -> str:
    """A picture of somebody else is the gravest mistake: said, without repeating what the header says."""
    differs = [str(DIFFERS[name]) for name in facts.get("differs", []) if name in DIFFERS]
    if not differs:
        return ""
    return _("影像文件中的%(what)s与登记的患者不一致，请核对是否为本人的影像。") % {"what": _("、").join(differs)}


def size_words(size: int) -> str:
    """Bytes as people read them: 87 KB, 3.2 MB."""
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 2**10))} KB"
