from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.levels import TYPES, Level, tier
from institutions.models.calendar_day import CalendarDay
from institutions.models.consortium import Member
from institutions.models.relation import Relation
from toolkit.calendar import WorkingCalendar


class InstitutionQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Own institution, current members of its consortia, and whoever it has an active relation with."""
        if actor.is_machine:
            return self
        colleagues = Member.objects.current().filter(consortium_id__in=actor.consortium_ids)
        partners = Relation.objects.filter(active=True)
        return self.filter(
            Q(pk=actor.institution_id)
            | Q(pk__in=colleagues.values("institution_id"))
            | Q(pk__in=partners.filter(sender_id=actor.institution_id).values("receiver_id"))
            | Q(pk__in=partners.filter(receiver_id=actor.institution_id).values("sender_id"))
        )

    def members_of(self, consortium, on=None):
        """Institutions that are members of the consortium on the date `on` (default today)."""
        current = Member.objects.current(on).filter(consortium=consortium)
        return self.filter(pk__in=current.values("institution_id"))

    def reachable_from(self, institution_id):
        """The institution itself, and those it may refer to today."""
        relations = Relation.objects.open().filter(sender_id=institution_id)
        return self.filter(Q(pk=institution_id) | Q(pk__in=relations.values("receiver_id")))

    def search(self, text):
        """Name, short name or code containing the text, or pinyin (full or initials) of the name."""
        text = text.strip()
        keys = text.lower()
        return self.filter(
            Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code=keys) | Q(name_keys__contains=keys)
        )


class Institution(models.Model):
    """A hospital, health centre or clinic; `desk_phone` is its referral desk, `duty_phone` its duty line (总值班)."""

    class HandlesOn(models.TextChoices):
        PLATFORM = "platform", _("在平台办理")
        PHONE = "phone", _("电话联系（代录）")

    code = models.SlugField(_("机构代码"), max_length=50, unique=True)
    name = models.CharField(_("机构名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=30, blank=True)
    name_keys = models.CharField(max_length=600, blank=True, editable=False)
    level = models.CharField(_("等级"), max_length=10, choices=Level, default=Level.UNRATED)
    type = models.CharField(_("类别"), max_length=4)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    licence_number = models.CharField(_("执业许可证登记号"), max_length=22, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    desk_phone = models.CharField(_("双向转诊服务台电话"), max_length=30, blank=True)
    duty_phone = models.CharField(_("总值班电话"), max_length=30, blank=True)
    handles_on = models.CharField(_("办理方式"), max_length=10, choices=HandlesOn, default=HandlesOn.PLATFORM)
    reviews_outgoing = models.BooleanField(_("转出前院内审核"), default=False)
    opening_hours = models.JSONField(_("门诊时间"), default=list, blank=True)
    release_time = models.TimeField(_("前一日号源释放时间"), default=time(16, 0))
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        constraints = [
            models.UniqueConstraint(
                fields=["licence_number"], condition=~Q(licence_number=""), name="institution_licence_once"
            ),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="institution_level_known"),
            models.CheckConstraint(
                condition=Q(handles_on__in=["platform", "phone"]), name="institution_handles_on_known"
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        return self.short_name or self.name

    @property
    def event_ref(self):
        return f"institution:{self.code}"

    @property
    def tier(self):
        """3 (highest) to 0; see `institutions.levels.tier`."""
        return tier(self.level, self.type)

    @property
    def type_name(self):
        return TYPES.get(self.type, self.type)

    @property
    def on_platform(self):
        return self.handles_on == self.HandlesOn.PLATFORM

    def calendar(self):
        """Its WorkingCalendar: national days, then the consortia's, then its own. One query, kept on the instance."""
        if not hasattr(self, "_calendar"):
            self._calendar = self._calendar_with(CalendarDay.objects.overrides([self.pk])[self.pk])
        return self._calendar

    def _calendar_with(self, overrides):
        hours = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in self.opening_hours]
        return WorkingCalendar(overrides=overrides, hours=hours) if hours else WorkingCalendar(overrides=overrides)

    @classmethod
    def prepare_calendars(cls, institutions):
        """Fill the calendars of many institutions with one query; for lists and ticks of the clock."""
        institutions = list(institutions)
        overrides = CalendarDay.objects.overrides([institution.pk for institution in institutions])
        for institution in institutions:
            institution._calendar = institution._calendar_with(overrides[institution.pk])
