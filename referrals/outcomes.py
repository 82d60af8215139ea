"""What became of the patients a doctor has sent: for that doctor alone, nobody else sees or counts it."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.agreement import AGREEMENTS, UNCODED, agreement
from referrals.figures import Period, Share
from referrals.figures.measuring import measure, reasons
from referrals.models import Referral, Step
from referrals.models.referral import CLINICAL
from referrals.statuses import ENDED, UNSETTLED
from toolkit.refusals import Forbidden

HAS_COME_TO_SOMETHING = ["concluded", "following_up", *UNSETTLED, *(status for status in ENDED if status != "void")]
PERIODS = {"90": _("近90天"), "365": _("近一年")}
USUAL = "90"
ORDER = ("-submitted_at", "-id")
UNDOING = ("reject", "cancel", "withdraw", "supersede")
UNREAD = ("treatment", "advice", "medications")
COUNTED = ("sent", "arrived", "closed", "returned", "rejected")


@dataclass(frozen=True)
class Tally:
    """Of one doctor's own referrals: shares by figure, how the impressions compared, why letters came back."""

    shares: dict[str, Share]
    agreements: list[tuple[str, int]]
    reasons: list[tuple[str, str, int]]


def period_of(name: str) -> Period:
    """The last so many days; any other name is the usual one."""
    today = timezone.localdate()
    return Period(today - timedelta(days=int(name if name in PERIODS else USUAL) - 1), today)


def own_sent(actor, period: Period):
    """What this person wrote and his present house sent. `Forbidden` to whom writing referrals is not given."""
    actor.require("referral.write")
    mine = Referral.objects.visible_to(actor).sent_by(actor.institution_id).filter(author_id=actor.user_id)
    return mine.filter(submitted_at__gte=period.begin, submitted_at__lt=period.end).exclude(status="void")


def come_to_something(rows):
    """Those that were concluded or ended, with both diagnoses and no other clinical text; `back_verb` and
    `back_reason` of the last refusal."""
    ends = Step.objects.filter(referral=OuterRef("pk"), verb__in=UNDOING).order_by("-id")
    return (
        rows.filter(status__in=HAS_COME_TO_SOMETHING)
        .with_parties()
        .select_related("summary")
        .defer(*(name for name in CLINICAL if name != "diagnoses"), *(f"summary__{name}" for name in UNREAD))
        .annotate(back_verb=Subquery(ends.values("verb")[:1]), back_reason=Subquery(ends.values("reason")[:1]))
    )


def require_author(referral, actor) -> None:
    """`Forbidden` to everybody but who wrote it: others of the house read the referral itself."""
    if actor.user_id is None or referral.author_id != actor.user_id or referral.sender_id != actor.institution_id:
        raise Forbidden(_("转诊结局只给开单医生本人看；其他人员请在转诊单里查看小结。"))


def tally(rows) -> Tally:
    """Three statements; the diagnoses are compared here, because they lie encrypted."""
    written = rows.filter(summary__isnull=False, summary__withdrawn_at=None).order_by()
    compared = Counter(agreement(*pair) for pair in written.values_list("diagnoses", "summary__diagnoses"))
    why = sorted(reasons(rows, "returned", "rejected").items(), key=lambda item: (-item[1], item[0]))
    return Tally(
        shares=measure(rows, *COUNTED, now=timezone.now()),
        agreements=[(code, compared[code]) for code in AGREEMENTS if compared[code] or code != UNCODED],
        reasons=[(name, code, count) for (name, code), count in why],
    )
