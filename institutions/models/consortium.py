from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ConsortiumQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The consortia the actor's institution belongs to now."""
        if actor.is_machine:
            return self
        return self.filter(pk__in=actor.consortium_ids)


class Consortium(models.Model):
    """A medical consortium (医联体) and the office that looks after it."""

    class Kind(models.TextChoices):
        CITY_GROUP = "city_group", _("城市医疗集团")
        COUNTY = "county", _("县域医共体")
        SPECIALIST_ALLIANCE = "specialist_alliance", _("专科联盟")
        TELEMEDICINE = "telemedicine", _("远程医疗协作网")

    code = models.SlugField(_("代码"), max_length=50, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind)
    office_phone = models.CharField(_("医联体办公室电话"), max_length=30, blank=True)
    deductible_up = models.BooleanField(_("上转印起付线说明"), default=False)
    deductible_down = models.BooleanField(_("下转印起付线说明"), default=False)

    objects = ConsortiumQuerySet.as_manager()

    class Meta:
        verbose_name = _("医联体")
        verbose_name_plural = _("医联体")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["city_group", "county", "specialist_alliance", "telemedicine"]),
                name="consortium_kind_known",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        return self.name

    @property
    def event_ref(self):
        return f"consortium:{self.code}"


class MemberQuerySet(models.QuerySet):
    def current(self, on=None):
        """Memberships that hold on the date `on` (default today); `left_on` is the first day without it."""
        day = on or timezone.localdate()
        return self.filter(Q(left_on=None) | Q(left_on__gt=day), joined_on__lte=day)

    def visible_to(self, actor):
        if actor.is_machine:
            return self
        return self.filter(consortium_id__in=actor.consortium_ids)


class Member(models.Model):
    """That an institution belongs to a consortium, from a date to a date, by an agreement."""

    class Role(models.TextChoices):
        CORE = "core", _("牵头（核心）医院")
        MEMBER = "member", _("成员单位")
        COLLABORATING = "collaborating", _("协作单位")

    class Closeness(models.TextChoices):
        TIGHT = "tight", _("紧密型")
        SEMI = "semi", _("半紧密型")
        LOOSE = "loose", _("松散型")

    consortium = models.ForeignKey("institutions.Consortium", models.PROTECT, related_name="members")
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="members")
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    closeness = models.CharField(_("紧密程度"), max_length=10, choices=Closeness, default=Closeness.TIGHT)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    agreement = models.CharField(_("协议文号"), max_length=100, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("成员资格")
        verbose_name_plural = _("成员资格")
        constraints = [
            models.UniqueConstraint(
                fields=["consortium", "institution"], condition=Q(left_on=None), name="member_open_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="member_leaves_after_joining"
            ),
            models.CheckConstraint(condition=Q(role__in=["core", "member", "collaborating"]), name="member_role_known"),
            models.CheckConstraint(
                condition=Q(closeness__in=["tight", "semi", "loose"]), name="member_closeness_known"
            ),
        ]

    def __str__(self):
        return f"{self.institution} · {self.consortium}"

    @property
    def event_ref(self):
        return f"member:{self.pk}"
