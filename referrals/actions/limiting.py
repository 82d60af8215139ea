"""A consortium sets its own time limits; taking one back restores the default."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.log import record
from referrals import codes
from referrals.limits import DEFAULTS, Limit
from referrals.models import TimeLimit
from toolkit.pages.remaining import duration_words
from toolkit.refusals import Findings, Missing

STEPS = {"respond": _("答复"), "arrange": _("安排位置"), "escalate": _("每级升级"), "settle": _("登记去向")}
UNITS = {"minutes": _("分钟（昼夜）"), "working_minutes": _("工作分钟"), "working_days": _("工作日")}
MOST = {"minutes": 43_200, "working_minutes": 43_200, "working_days": 60}
"""Longer than this nobody waits: 30 days, or 60 working days."""


@transaction.atomic
def set_limit(*, actor, consortium, urgency: str, step: str, amount: int, unit: str) -> TimeLimit:
    """Set one cell of the table for this consortium; running clocks keep the deadline they have."""
    _require_office(actor, consortium)
    _check(urgency, step, amount, unit)
    limit, _created = TimeLimit.objects.update_or_create(
        consortium=consortium, urgency=urgency, step=step, defaults={"amount": amount, "unit": unit}
    )
    record(
        "limit.set", actor=actor, subject=f"consortium:{consortium.code}", urgency=urgency, step=step, amount=amount,
        unit=unit,
    )  # fmt: skip
    return limit


@transaction.atomic
def reset_limit(*, actor, consortium, urgency: str, step: str) -> None:
    """Back to the default of the specification."""
    _require_office(actor, consortium)
    gone, _rows = TimeLimit.objects.filter(consortium=consortium, urgency=urgency, step=step).delete()
    if gone:
        record("limit.reset", actor=actor, subject=f"consortium:{consortium.code}", urgency=urgency, step=step)


def limits_of(consortium) -> dict[tuple[str, str], tuple[Limit, bool]]:
    """Every cell: the limit in force, and whether the consortium set it itself."""
    own = {(row.urgency, row.step): Limit(row.amount, row.unit) for row in consortium.time_limits.all()}
    return {key: (own.get(key, default), key in own) for key, default in DEFAULTS.items()}


def unit_words(limit: Limit) -> str:
    """A limit as people say it."""
    if limit.unit == "minutes":
        return str(_("立即")) if limit.amount == 0 else duration_words(timedelta(minutes=limit.amount))
    if limit.unit == "working_minutes":
        return str(_("工作时间 %(span)s") % {"span": duration_words(timedelta(minutes=limit.amount))})
    return str(ngettext("%(count)s 个工作日", "%(count)s 个工作日", limit.amount) % {"count": limit.amount})


def _require_office(actor, consortium) -> None:
    if actor.kind != "system" and consortium.pk not in actor.home_ids:
        raise Missing(_("没有找到该医联体。"))
    actor.require("consortium.manage")


def _check(urgency, step, amount, unit) -> None:
    findings = Findings()
    if urgency not in codes.URGENCIES:
        findings.add("/urgency", "choice", _("请选择紧急程度。"))
    if (urgency in codes.URGENCIES and (urgency, step) not in DEFAULTS) or step not in STEPS:
        findings.add("/step", "choice", _("请选择时限种类。"))
    if unit not in UNITS:
        findings.add("/unit", "choice", _("请选择时间单位。"))
    elif urgency == "emergency" and unit != "minutes":
        findings.add("/unit", "emergency", _("急诊和绿色通道昼夜计时，单位只能是分钟。"))
    elif not isinstance(amount, int) or isinstance(amount, bool) or not _low(step) <= amount <= MOST[unit]:
        words = _("请填 %(low)s 至 %(high)s 的整数。") % {"low": _low(step), "high": MOST[unit]}
        findings.add("/amount", "range", words)
    findings.raise_if_any()


def _low(step: str) -> int:
    """The ladder needs time between its steps, and nobody answers in no time; the others may be due at once."""
    return 1 if step in ("respond", "escalate") else 0
