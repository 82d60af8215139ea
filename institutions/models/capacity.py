from datetime import time

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.consortium import Member
from institutions.models.relation import Relation

SESSION_ENDS = {"am": time(12, 0), "pm": time(17, 30), "night": time(23, 59), "day": time(17, 30)}
"""When an outpatient session is over. A bed can be had until the day ends."""
SESSION_STARTS = {"am": time(6, 0), "pm": time(12, 0), "night": time(17, 0), "day": time(6, 0)}
"""Before these no house begins; its own hours within a session it tells the patient with the appointed time."""


def free_for_referrals(now, agreed_at=None):
    """Expression: places a referral can still take at the moment `now`.

    Before `release_at` only the quota counts, afterwards everything that nobody has taken. The places taken elsewhere
    bound both, so that a booking can never break `booked + booked_elsewhere <= total`. Of a session that was over when
    the place was agreed (`agreed_at`, by default now) nothing is left.
    """
    untaken = F("total") - F("booked") - F("booked_elsewhere")
    reserved = Least(F("referral_quota") - F("booked"), untaken)
    return Greatest(
        Case(
            When(_over_at(agreed_at or now), then=Value(0)),
            When(release_at__gt=now, then=reserved),
            default=untaken,
            output_field=models.IntegerField(),
        ),
        Value(0),
    )


def _over_at(moment) -> Q:
    local = timezone.localtime(moment)
    over = [session for session, end in SESSION_ENDS.items() if local.time() >= end]
    return Q(kind="slot", date=local.date(), session__in=over)


class CapacityQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Own capacity, and that of the institutions one may refer to; of all members for who manages them."""
        if actor.is_machine:
            return self
        reachable = Relation.objects.open().filter(sender_id=actor.institution_id)
        houses = Q(department__institution_id=actor.institution_id)
        houses |= Q(department__institution_id__in=reachable.values("receiver_id"))
        if actor.may("consortium.manage"):
            members = Member.objects.current().filter(consortium_id__in=actor.home_ids)
            houses |= Q(department__institution_id__in=members.values("institution_id"))
        return self.filter(houses)

    def with_free(self, now):
        """Each row with `free_places`, see `free_for_referrals`."""
        return self.annotate(free_places=free_for_referrals(now))

    def free(self, *, now):
        """Rows from today on with a place a referral can take at the moment `now`, with `free_places`."""
        today = timezone.localdate(now)
        return self.with_free(now).filter(date__gte=today, free_places__gt=0)

    def bookable(self, department, from_date, to_date, now):
        """Free rows of an active department between two dates (both included), soonest first."""
        rows = self.free(now=now).filter(
            department=department, department__active=True, date__gte=from_date, date__lte=to_date
        )
        return rows.order_by("date", "kind", "session", "id")


class Capacity(models.Model):
    """What a department offers on a day: places of an outpatient session, or admissions of that day for beds.

    `referral_quota` is reserved for referrals until `release_at`; `booked` counts referrals and changes only through
    `actions.book` and `actions.give_back`; `booked_elsewhere` is what the hospital reports from its own counters.
    """

    class Kind(models.TextChoices):
        SLOT = "slot", _("门诊号源")
        BED = "bed", _("床位")

    class Session(models.TextChoices):
        MORNING = "am", _("上午")
        AFTERNOON = "pm", _("下午")
        NIGHT = "night", _("夜间")
        DAY = "day", _("全天")

    department = models.ForeignKey("institutions.Department", models.PROTECT, related_name="capacity")
    date = models.DateField(_("日期"))
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    session = models.CharField(_("时段"), max_length=10, choices=Session)
    total = models.PositiveIntegerField(_("总数"))
    referral_quota = models.PositiveIntegerField(_("转诊预留"))
    booked = models.PositiveIntegerField(_("转诊已约"), default=0)
    booked_elsewhere = models.PositiveIntegerField(_("其他渠道已约"), default=0)
    release_at = models.DateTimeField(_("预留释放时间"))
    version = models.PositiveIntegerField(default=1)

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("号源与床位")
        verbose_name_plural = _("号源与床位")
        constraints = [
            models.UniqueConstraint(fields=["department", "date", "kind", "session"], name="capacity_once"),
            models.CheckConstraint(
                condition=Q(booked__gte=0, booked_elsewhere__gte=0, referral_quota__gte=0, total__gte=0),
                name="capacity_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("booked") + F("booked_elsewhere")), name="capacity_not_overbooked"
            ),
            models.CheckConstraint(condition=Q(referral_quota__lte=F("total")), name="capacity_quota_within_total"),
            models.CheckConstraint(condition=Q(kind__in=["slot", "bed"]), name="capacity_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="slot", session__in=["am", "pm", "night", "day"]) | Q(kind="bed", session="day"),
                name="capacity_session_fits_kind",
            ),
        ]
        indexes = [models.Index(fields=["date", "department"], name="capacity_by_date")]

    def __str__(self):
        return f"{self.department} {self.date} {self.get_session_display()} {self.get_kind_display()}"

    @property
    def event_ref(self):
        return f"capacity:{self.pk}"

    def is_over(self, moment) -> bool:
        """Whether `moment` is on the day of this session and behind its end."""
        local = timezone.localtime(moment)
        return self.kind == self.Kind.SLOT and self.date == local.date() and local.time() >= SESSION_ENDS[self.session]

    def free(self, now):
        """Places a referral can still take at the moment `now`; the same rule as `free_for_referrals`."""
        if self.is_over(now):
            return 0
        untaken = self.total - self.booked - self.booked_elsewhere
        if self.release_at > now:
            return max(0, min(self.referral_quota - self.booked, untaken))
        return max(0, untaken)
