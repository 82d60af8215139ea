"""A consortium's own time limits; where it set none, the defaults of `limits.py` hold."""

from django.db import models

from referrals import codes


class TimeLimit(models.Model):
    """Limits of one urgency, in minutes of wall-clock or working time, or in working days.

    `step` is one of `limits.DEFAULTS`, to which what stands above adds its own.
    """

    UNITS = [("minutes", "minutes"), ("working_minutes", "working minutes"), ("working_days", "working days")]

    consortium = models.ForeignKey("institutions.Consortium", on_delete=models.CASCADE, related_name="time_limits")
    urgency = models.CharField(max_length=10, choices=list(codes.URGENCIES.items()))
    step = models.CharField(max_length=10)
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=UNITS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consortium", "urgency", "step"], name="referrals_limit_once"),
        ]

    def __str__(self):
        return f"{self.urgency} {self.step}: {self.amount} {self.unit}"
