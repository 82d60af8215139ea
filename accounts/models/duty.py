"""Who is on duty when: referral desk, departments, the duty line, the consortium office."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .memberships import Membership


class DutyShiftQuerySet(models.QuerySet):
    def on_duty(self, institution_id: int, kind: str, department_id: int | None = None, at=None):
        """The shifts that cover the moment `at` (now by default), of people still employed there."""
        return self.answering(institution_id, at).filter(kind=kind, department_id=department_id)

    def answering(self, institution_id: int, at=None):
        """`on_duty` of every desk, department and line of a house."""
        return self.covering(at).filter(institution_id=institution_id)

    def covering(self, at=None):
        """The shifts that cover the moment `at` (now by default), wherever."""
        moment = at or timezone.now()
        day = timezone.localdate(moment)
        return (
            self.filter(starts_at__lte=moment, ends_at__gt=moment)
            .filter(Q(membership__ended_on__isnull=True) | Q(membership__ended_on__gt=day))
            .filter(membership__user__is_active=True)
            .select_related("membership__user")
            .order_by("starts_at", "id")
        )

    def visible_to(self, actor):
        """The roster of the own institution; of all members for the consortium office."""
        if actor.kind == "system":
            return self
        return self.filter(membership__in=Membership.objects.visible_to(actor).values("pk"))


class DutyShift(models.Model):
    """A stretch of time in which one member of staff answers. `phone` overrides the person's own number."""

    class Kind(models.TextChoices):
        DESK = "desk", _("双向转诊服务台")
        DEPARTMENT = "department", _("科室")
        DUTY_LINE = "duty_line", _("总值班")
        OFFICE = "office", _("医联体办公室")

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="shifts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    department = models.ForeignKey(
        "institutions.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="shifts"
    )
    membership = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    phone = models.CharField(max_length=32, blank=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="accounts_shift_times"),
            models.CheckConstraint(
                condition=Q(kind="department", department__isnull=False)
                | (~Q(kind="department") & Q(department__isnull=True)),
                name="accounts_shift_department",
            ),
            models.UniqueConstraint(fields=["membership", "kind", "starts_at"], name="accounts_shift_once"),
        ]
        indexes = [
            models.Index(fields=["institution", "kind", "ends_at"], name="accounts_shift_who"),
        ]

    def __str__(self):
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def event_ref(self) -> str:
        return f"shift:{self.pk}"

    @property
    def contact_phone(self) -> str:
        return self.phone or self.membership.contact_phone
