from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.hours import Hours


class Preference(models.Model):
    """How one person wants to be told, beside the inbox, which always is. Without a row the defaults hold.

    What presses ignores the quiet hours and keeps one way at least.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    urgent_email = models.BooleanField(default=True)
    urgent_sms = models.BooleanField(default=True)
    ordinary_email = models.BooleanField(default=True)
    ordinary_sms = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(urgent_email=True) | Q(urgent_sms=True), name="notifications_preference_urgent_heard"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notifications_preference_quiet_paired",
            ),
        ]

    def __str__(self):
        return f"preference of {self.user_id}"

    def wants(self, channel: str, *, urgent: bool) -> bool:
        """Of the channels e-mail and SMS."""
        return getattr(self, f"{'urgent' if urgent else 'ordinary'}_{channel}")

    @property
    def quiet(self) -> Hours:
        return Hours(self.quiet_from, self.quiet_to)
