"""The times of a green channel in a row, from when it began to the hospital's door, and how they keep the limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from referrals import deadlines, limits
from referrals.statuses import ENDED, PAPERLESS
from toolkit.pages.remaining import duration_words
from toolkit.words import explained

STAGES = (
    ("onset_at", pgettext_lazy("time", "发病")),
    ("called_at", pgettext_lazy("time", "呼叫")),
    ("submitted_at", pgettext_lazy("time", "发出")),
    ("responded_at", pgettext_lazy("time", "接收")),
    ("dispatched_at", pgettext_lazy("time", "出发")),
    ("arrived_at", pgettext_lazy("time", "到达")),
)
CONFIRMED = (
    ("confirmed_by", gettext_lazy("出发前电话确认")),
    ("told_by", gettext_lazy("电话答复")),
    ("agreed_by", gettext_lazy("转他院电话商定")),
)


@dataclass(frozen=True)
class Mark:
    """One time; `after` is the span since the one before in words, `missing` one that was never written down."""

    label: str
    at: datetime | None = None
    after: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Strip:
    """`whole` is the span from the first to the last known time, in words."""

    marks: list[Mark]
    whole: str


@dataclass(frozen=True)
class Check:
    """One time against its limit; `kept` None where there is nothing to judge yet."""

    label: str
    limit: str
    taken: str
    kept: bool | None


def strip_of(referral) -> Strip | None:
    """None off the green channel, or where nothing is known yet.

    Times stand in the order in which they happened: some set out before the answer came.
    """
    known = sorted(
        ((label, moment) for name, label in STAGES if (moment := getattr(referral, name))), key=lambda each: each[1]
    )
    if not referral.green_channel or not known:
        return None
    queue, marks, before = iter(known), [], None
    for name, label in STAGES:
        if getattr(referral, name) is None:
            marks.append(Mark(str(label), missing=_is_past(referral, name)))
            continue
        said, moment = next(queue)
        after = duration_words(moment - before) if before else ""
        marks.append(Mark(str(said), moment, after))
        before = moment
    first, last = known[0], known[-1]
    words = {"from": first[0], "to": last[0], "span": duration_words(last[1] - first[1])}
    return Strip(marks, _("%(from)s至%(to)s共 %(span)s") % words if len(known) > 1 else "")


def times_in_words(referral) -> str:
    """For paper: 发病 03-11 08:10 → 呼叫 08:30（+20 分）; the day where it changes; "" off the green channel."""
    strip, day, words = strip_of(referral), None, []
    for mark in strip.marks if strip else ():
        if mark.at:
            moment = timezone.localtime(mark.at)
            said = f"{mark.label} {moment:%H:%M}" if moment.date() == day else f"{mark.label} {moment:%m-%d %H:%M}"
            words.append(explained(said, f"+{mark.after}") if mark.after else said)
            day = moment.date()
    return " → ".join(words)


def checks_of(referral) -> list[Check]:
    """Answer, way and paper against their limits. Two queries."""
    return [_answer(referral), _way(referral), _paper(referral)]


def confirmations_of(steps) -> list[tuple[str, str]]:
    """Who said yes on the telephone, as the steps have it: (occasion, name and number)."""
    found = []
    for step in steps:
        for name, label in CONFIRMED:
            if step.facts.get(name):
                said = [str(step.facts[name])] + ([str(step.facts.get("told_phone", ""))] if name == "told_by" else [])
                found.append((str(label), " ".join(filter(None, said))))
    return found


def _is_past(referral, name: str) -> bool:
    """What comes before what has happened already will not come any more; nor anything, when it has ended."""
    names = [stage for stage, _label in STAGES]
    later = names[names.index(name) + 1 :]
    return referral.status in ENDED or any(getattr(referral, each) for each in later)


def _answer(referral) -> Check:
    allowed = timedelta(minutes=limits.limit_of(referral, "respond").amount)
    return _span(_("发出到接收"), referral.submitted_at, referral.responded_at, allowed)


def _way(referral) -> Check:
    return _span(_("出发到到达"), referral.dispatched_at, referral.arrived_at, deadlines.travel_allowed(referral))


def _span(label, begun, ended, allowed) -> Check:
    words = _("%(span)s 内") % {"span": duration_words(allowed)}
    if not (begun and ended):
        return Check(label, words, _("未登记"), None)
    return Check(label, words, duration_words(max(ended - begun, timedelta())), ended - begun <= allowed)


def _paper(referral) -> Check:
    words = _("%(span)s 内") % {"span": duration_words(limits.COMPLETION_DUE)}
    if referral.completed_at:
        return Check(_("补录资料"), words, _("已补齐"), referral.completed_in_time)
    if referral.completion_due:
        late = referral.completion_due <= timezone.now()
        return Check(_("补录资料"), words, _("尚未补齐"), False if late else None)
    if referral.status in PAPERLESS:
        return Check(_("补录资料"), words, _("无需补录"), None)
    return Check(_("补录资料"), words, _("发出时已齐"), True)
