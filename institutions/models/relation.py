from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.models.consortium import Member


class RelationQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Relations of the actor's consortia, and those of which its own institution is a side."""
        if actor.is_machine:
            return self
        return self.filter(
            Q(consortium_id__in=actor.consortium_ids)
            | Q(sender_id=actor.institution_id)
            | Q(receiver_id=actor.institution_id)
        )

    def open(self, on=None):
        """Usable on the date `on` (default today): active, both sides in use and still members of the consortium.

        The receiver of a referral out of the consortium (外转) need not be a member.
        """
        current = Member.objects.current(on).filter(consortium_id=models.OuterRef("consortium_id"))
        sends = models.Exists(current.filter(institution_id=models.OuterRef("sender_id")))
        receives = models.Exists(current.filter(institution_id=models.OuterRef("receiver_id")))
        usable = self.filter(active=True, sender__active=True, receiver__active=True)
        return usable.filter(sends).filter(Q(direction=Relation.Direction.OUT) | Q(receives))

    def permits(self, sender, receiver, direction):
        """Whether the sender may refer to the receiver in this direction today."""
        return self.open().filter(sender=sender, receiver=receiver, direction=direction).exists()


class Relation(models.Model):
    """That one institution may refer to another in a direction; `travel_minutes` by road, where known.

    A manual row with `active=False` is a standing exception: generating the relations does not bring it back.
    """

    class Direction(models.TextChoices):
        UP = "up", _("上转")
        DOWN = "down", _("下转")
        LATERAL = "lateral", _("平转")
        OUT = "out", _("外转")

    class Source(models.TextChoices):
        GENERATED = "generated", _("按等级生成")
        MANUAL = "manual", _("手工设置")

    consortium = models.ForeignKey("institutions.Consortium", models.PROTECT, related_name="relations")
    sender = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="relations_out")
    receiver = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="relations_in")
    direction = models.CharField(_("方向"), max_length=10, choices=Direction)
    travel_minutes = models.PositiveSmallIntegerField(_("路程（分钟）"), null=True, blank=True)
    active = models.BooleanField(_("启用"), default=True)
    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.MANUAL)
    version = models.PositiveIntegerField(default=1)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("转诊关系")
        verbose_name_plural = _("转诊关系")
        constraints = [
            models.UniqueConstraint(fields=["sender", "receiver", "direction"], name="relation_once"),
            models.CheckConstraint(condition=~Q(sender=F("receiver")), name="relation_between_two"),
            models.CheckConstraint(
                condition=Q(direction__in=["up", "down", "lateral", "out"]), name="relation_direction_known"
            ),
            models.CheckConstraint(condition=Q(source__in=["generated", "manual"]), name="relation_source_known"),
        ]

    def __str__(self):
        return f"{self.sender} → {self.receiver} · {self.get_direction_display()}"

    @property
    def event_ref(self):
        return f"relation:{self.pk}"
