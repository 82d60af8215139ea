from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.scope import looked_after_by
from notifications.hours import Hours
from toolkit.crypto.fields import EncryptedTextField


class RobotQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Those of the own house; for who manages the consortium of all it looks after."""
        if actor.kind == "system":
            return self
        if actor.may("consortium.manage"):
            return self.filter(institution__in=looked_after_by(actor).values("pk"))
        return self.filter(institution_id=actor.institution_id)


class Robot(models.Model):
    """A group robot of a house, or of one of its departments. Whoever knows `address` can write to the group.

    `window_at` and `window_count` hold how many messages went out since, so that all workers keep to the limit.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="+")
    department = models.ForeignKey("institutions.Department", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=30)
    address = EncryptedTextField()
    secret = EncryptedTextField(blank=True)
    active = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    window_at = models.DateTimeField(default=timezone.now)
    window_count = models.PositiveSmallIntegerField(default=0)

    objects = RobotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "name"], name="notifications_robot_name"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="notifications_robot_quiet_paired",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def event_ref(self) -> str:
        return f"robot:{self.pk}"

    @property
    def quiet(self) -> Hours:
        return Hours(self.quiet_from, self.quiet_to)
