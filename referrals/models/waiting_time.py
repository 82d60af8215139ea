"""How long patients wait for a department at present; see `referrals.waiting` for what is counted."""

from django.db import models
from django.db.models import Q

from institutions.models import Department
from referrals import codes
from referrals.waiting import LEAST, WAITING_URGENCIES


class WaitingTimeQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Those of the departments the actor may see."""
        if actor.is_machine:
            return self
        return self.filter(department_id__in=Department.objects.visible_to(actor).values("pk"))


class WaitingTime(models.Model):
    """Median wait in minutes over `sample` referrals. No row: there were too few. Written by the clock alone."""

    department = models.ForeignKey("institutions.Department", on_delete=models.CASCADE, related_name="waiting_times")
    care = models.CharField(max_length=10)
    urgency = models.CharField(max_length=10, choices=codes.choices(codes.URGENCIES))
    sample = models.PositiveIntegerField()
    median_minutes = models.PositiveIntegerField()
    window_days = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()

    objects = WaitingTimeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "care", "urgency"], name="referrals_waiting_once"),
            models.CheckConstraint(condition=Q(sample__gte=LEAST), name="referrals_waiting_of_nobody"),
            models.CheckConstraint(
                condition=Q(care__in=["slot", "bed"], urgency__in=WAITING_URGENCIES), name="referrals_waiting_known"
            ),
        ]

    def __str__(self):
        return f"{self.department_id} {self.care} {self.urgency}"
