"""What the morning's digest says of referrals: how many wait, how many are overdue and in whose hand, what is owed."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.digest import Scope, Section, register_section
from referrals.models import Referral
from toolkit.words import listed

MOST_HANDS = 5


def register() -> None:
    register_section(Section(key="referrals", count=count, lines=lines, link=link))


def count(scope: Scope) -> dict:
    """waiting, overdue, hands and counts (units with most overdue first), elsewhere, papers, reviews; without zeros."""
    mine = _mine(scope)
    waiting = mine.filter(_in_hand(scope)).exclude(status="draft")
    late = waiting.overdue(scope.now)
    hands = _hands(late, scope)
    found = {
        "waiting": waiting.count(),
        "overdue": late.count(),
        "hands": [name for name, _count in hands],
        "counts": [number for _name, number in hands],
        "elsewhere": 0 if scope.is_office else _elsewhere(mine, scope),
        "papers": _papers(mine, scope).count(),
        "reviews": mine.filter(review_due__isnull=False).count() if scope.is_office else 0,
    }
    return {name: value for name, value in found.items() if value}


def lines(facts: dict) -> list[str]:
    said = []
    if facts.get("waiting"):
        said.append(_("等待办理 %(waiting)s 件") % facts)
    if facts.get("overdue"):
        hands = zip(facts["hands"], facts["counts"], strict=True)
        whose = listed(
            _("%(unit)s %(count)s 件") % {"unit": unit or _("服务台"), "count": number} for unit, number in hands
        )
        said.append(_("其中已超时 %(overdue)s 件：%(whose)s") % {"overdue": facts["overdue"], "whose": whose})
    if facts.get("elsewhere"):
        said.append(_("本机构转出、对方超时未办 %(elsewhere)s 件") % facts)
    if facts.get("papers"):
        said.append(_("绿色通道资料待补录 %(papers)s 件") % facts)
    if facts.get("reviews"):
        said.append(_("绿色通道使用待评审 %(reviews)s 件") % facts)
    return said


def link(is_office: bool) -> str:
    """The office opens the list; who administers a house only counts."""
    return reverse("referrals:overseen") if is_office else ""


def _mine(scope):
    if scope.is_office:
        return Referral.objects.filter(consortium_id=scope.consortium_id, submitted_at__isnull=False)
    return Referral.objects.all()


def _in_hand(scope) -> Q:
    if scope.is_office:
        return Q(hand_institution__isnull=False)
    return Q(hand_institution_id=scope.institution_id)


def _hands(late, scope) -> list[tuple[str, int]]:
    """(unit, how many): houses for the office, departments for a house, where "" is its desk."""
    unit = "hand_institution" if scope.is_office else "hand_department"
    names = (f"{unit}__short_name", f"{unit}__name") if scope.is_office else (f"{unit}__name",)
    rows = late.order_by().values(unit, *names).annotate(count=Count("pk")).order_by("-count", unit)
    return [(next(filter(None, map(row.get, names)), ""), row["count"]) for row in rows[:MOST_HANDS]]


def _elsewhere(mine, scope) -> int:
    theirs = mine.sent_by(scope.institution_id).filter(hand_institution__isnull=False)
    return theirs.exclude(hand_institution_id=scope.institution_id).overdue(scope.now).count()


def _papers(mine, scope):
    owed = mine.filter(completion_due__isnull=False)
    return owed if scope.is_office else mine.owing_paper(scope.institution_id)
