from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.models import Membership


class InboxMessageQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """The person's own messages for the job they are in now; a partner system has no inbox."""
        if actor.kind == "system":
            return self
        if actor.kind != "user":
            return self.none()
        return self.filter(user_id=actor.user_id, institution_id=actor.institution_id)

    def unread(self):
        return self.filter(read_at=None)

    def about(self, ref: str):
        return self.filter(event__subject=ref)

    def unread_by_institution(self, user_id: int):
        """One row per job the person still has: institution_id, unread, newest_urgent (an id or None). One query."""
        jobs = Membership.objects.current().filter(user_id=user_id)
        return (
            self.unread()
            .filter(user_id=user_id, institution_id__in=jobs.values("institution_id"))
            .values("institution_id")
            .annotate(unread=Count("pk"), newest_urgent=Max("pk", filter=Q(urgent=True)))
            .order_by("institution_id")
        )


class InboxMessage(models.Model):
    """One person was told of one event, in the job (institution) it concerns.

    Words are made when it is read, in the reader's language, from `notice` and the event's facts.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="+")
    event = models.ForeignKey("events.Event", models.PROTECT, related_name="+")
    notice = models.CharField(max_length=60)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = InboxMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "notice"], name="notifications_inbox_once"),
        ]
        indexes = [
            models.Index(fields=["user", "institution", "-id"], name="notifications_inbox_list"),
            models.Index(
                fields=["user", "institution"], name="notifications_inbox_unread", condition=Q(read_at__isnull=True)
            ),
        ]

    def __str__(self):
        return f"{self.notice} → {self.user_id}"
