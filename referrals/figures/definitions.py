"""What each figure is: which referrals it is about (the denominator) and which of them it counts (the numerator).

Both are conditions on sent referrals that were not entered by mistake. The words beside them are shown wherever the
figure is; docs/glossary.md repeats them. A condition takes the moment of counting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referrals.models import GreenReview, Step
from referrals.statuses import LIVE

Condition = Callable[[datetime], Q]

GREEN = "green"
TIERS = {"routine": _("普通"), "urgent": _("加急"), "emergency": _("急诊"), GREEN: _("绿色通道")}
"""What limit an answer is owed by; the green channel stands apart, whatever its urgency."""


def tier() -> Case:
    """The key of `TIERS` as a column."""
    green = When(~Q(green_channel=""), then=Value(GREEN))
    return Case(green, default=F("urgency"), output_field=CharField())


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`part` is counted of `whole`. `verbs`: moves that make it, whose reasons can be told apart.

    `now` figures are about what is under way at the moment, whenever it was sent; all others about what was sent in
    the period. `percent` says whether its share is what people read, or its number.
    """

    name: str
    label: str
    part_words: str
    whole_words: str
    part: Condition
    whole: Condition = lambda now: ALL
    verbs: tuple[str, ...] = ()
    now: bool = False
    percent: bool = True

    def condition(self, side: str, now: datetime) -> Q:
        """Of the rows behind the numerator ("part") or the denominator ("whole")."""
        whole = self.whole(now)
        return whole & self.part(now) if side == "part" else whole

    @property
    def words(self) -> str:
        """The definition in one sentence (口径)."""
        if not self.percent:
            return str(self.part_words)
        return f"{self.label} = {self.part_words} ÷ {self.whole_words}"


def did(*verbs: str, **steps) -> Q:
    """It has made one of these moves."""
    return Q(Exists(Step.objects.filter(referral=OuterRef("pk"), verb__in=verbs, **steps)))


ALL = Q(pk__isnull=False)
ANSWERED = Q(responded_at__isnull=False)
ARRIVED = Q(arrived_at__isnull=False)
ON_THE_WAY = ("accepted", "scheduled", "in_transit")
NO_LONGER_ASKED = ("forwarded", "died")
USED_GREEN = ~Q(green_channel="")


def _owed_answer(now) -> Q:
    """Answered, or waiting past the time by which the answer was owed."""
    late = Q(status__in=("submitted", "in_transit"), responded_at=None, respond_by__lt=now)
    return Q(respond_by__isnull=False) & (ANSWERED | late)


def _in_time(now) -> Q:
    return Q(responded_at__lte=F("respond_by"))


def _taken() -> Q:
    return ARRIVED | did("accept")


def _decided(now) -> Q:
    return _taken() | did("reject", "forward")


def _due_to_arrive(now) -> Q:
    """Taken, and it has turned out whether the patient came."""
    return ARRIVED | (did("accept") & ~Q(status__in=(*ON_THE_WAY, *NO_LONGER_ASKED)))


def _reviewed() -> Q:
    return Q(Exists(GreenReview.objects.filter(referral=OuterRef("pk"))))


def _justified(now) -> Q:
    later = GreenReview.objects.filter(referral=OuterRef("referral"), version__gt=OuterRef("version"))
    found = GreenReview.objects.filter(referral=OuterRef("pk"), verdict="justified")
    return Q(Exists(found.exclude(Exists(later))))


_SENT = _("同期提交的转诊")
_FIGURES = (
    Figure(name="sent", label=_("转诊总数"), part_words=_("所选期间内提交的转诊单，作废的除外"), whole_words=_SENT,
           part=lambda now: ALL, percent=False),
    Figure(name="down", label=_("下转占比"), part_words=_("下转"), whole_words=_("上转与下转之和"),
           part=lambda now: Q(direction="down"), whole=lambda now: Q(direction__in=("up", "down"))),
    Figure(name="out", label=_("外转占比"), part_words=_("转往医联体外机构的转诊"), whole_words=_SENT,
           part=lambda now: Q(direction="out")),
    Figure(name="answered", label=_("已答复"), part_words=_("已接收、不予接收、转他院或直接到诊的转诊"),
           whole_words=_SENT, part=lambda now: ANSWERED, percent=False),
    Figure(name="in_time", label=_("答复及时率"), part_words=_("在时限内首次答复的转诊（退回补充期间时限暂停）"),
           whole_words=_("已答复和逾期未答复的转诊，绿色通道单列"), part=_in_time,
           whole=lambda now: _owed_answer(now) & ~USED_GREEN),
    Figure(name="green_in_time", label=_("绿色通道答复及时率"), part_words=_("在时限内首次答复的绿色通道转诊"),
           whole_words=_("已答复和逾期未答复的绿色通道转诊"), part=_in_time,
           whole=lambda now: _owed_answer(now) & USED_GREEN),
    Figure(name="accepted", label=_("接收率"), part_words=_("已接收（含直接到诊）的转诊"),
           whole_words=_("已接收、不予接收和转他院之和"), part=lambda now: _taken(), whole=_decided),
    Figure(name="arrived", label=_("到诊率"), part_words=_("已到诊的转诊"),
           whole_words=_("已接收且已知是否到诊的转诊（还在等、在途、改送他院和途中死亡的除外）"),
           part=lambda now: ARRIVED, whole=_due_to_arrive),
    Figure(name="closed", label=_("闭环率"), part_words=_("已回传小结、经转出方签收（约定随访的已随访）而办结的转诊"),
           whole_words=_("已到诊的转诊，死亡的除外"), part=lambda now: Q(status="closed", concluded_at__isnull=False),
           whole=lambda now: ARRIVED & ~Q(status="died")),
    Figure(name="returned", label=_("退回率"), part_words=_("被退回补充过的转诊"), whole_words=_SENT,
           part=lambda now: did("return"), verbs=("return",)),
    Figure(name="rejected", label=_("不予接收率"), part_words=_("不予接收的转诊"), whole_words=_SENT,
           part=lambda now: did("reject"), verbs=("reject",)),
    Figure(name="cancelled", label=_("取消率"), part_words=_("接收后又取消的转诊"), whole_words=_SENT,
           part=lambda now: did("cancel"), verbs=("cancel",)),
    Figure(name="withdrawn", label=_("撤回率"), part_words=_("提交后由转出方撤回或由急诊转诊取代的转诊"),
           whole_words=_SENT, part=lambda now: did("withdraw", "supersede"), verbs=("withdraw", "supersede")),
    Figure(name="green", label=_("绿色通道例数"), part_words=_("走绿色通道的转诊"), whole_words=_SENT,
           part=lambda now: USED_GREEN, percent=False),
    Figure(name="green_completed", label=_("24小时内补录率"), part_words=_("24小时内补齐资料的绿色通道转诊"),
           whole_words=_("已补齐或已逾期的绿色通道转诊"), part=lambda now: Q(completed_in_time=True),
           whole=lambda now: USED_GREEN & (Q(completed_in_time__isnull=False) | Q(completion_due__lt=now))),
    Figure(name="green_reviewed", label=_("绿色通道评审率"), part_words=_("办公室已评审的绿色通道转诊"),
           whole_words=_("已到诊或已结束、应评审的绿色通道转诊"), part=lambda now: _reviewed(),
           whole=lambda now: USED_GREEN & (Q(review_due__isnull=False) | _reviewed())),
    Figure(name="green_justified", label=_("使用恰当率"), part_words=_("评审为“使用恰当”的绿色通道转诊"),
           whole_words=_("已评审的绿色通道转诊"), part=_justified, whole=lambda now: USED_GREEN & _reviewed()),
    Figure(name="overdue", label=pgettext_lazy("figure", "现在逾期"),
           part_words=_("此刻还没办完、已过时限的转诊，不论何时提交"),
           whole_words=_("此刻还没办完的全部转诊"), part=lambda now: Q(deadline__lt=now),
           whole=lambda now: Q(status__in=LIVE), now=True, percent=False),
)  # fmt: skip

FIGURES: dict[str, Figure] = {figure.name: figure for figure in _FIGURES}
