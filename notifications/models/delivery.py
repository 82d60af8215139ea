import uuid

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """What was sent, or not, to the own staff."""
        return self if actor.kind == "system" else self.filter(institution_id=actor.institution_id)

    def due(self, now):
        """Its time has come and nobody is at it, or whoever was did not come back."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.filter(free, state__in=Delivery.OPEN, next_at__lte=now)

    def failing(self):
        """Failed, whether it is tried again or given up; what was held back on purpose is not among it."""
        return self.filter(state__in=Delivery.FAILING)

    def outgoing(self):
        """Whatever leaves the house; the inbox does not."""
        return self.exclude(channel=Delivery.Channel.INBOX)

    def last_to(self, recipients: list[str]) -> dict:
        """Recipient → the latest delivery to it. Two queries."""
        newest = self.filter(user=None, recipient__in=recipients).values("recipient").annotate(last=Max("pk"))
        return {row.recipient: row for row in self.filter(pk__in=[each["last"] for each in newest])}

    def troubled(self):
        """Whatever did not go out: failed or held back."""
        return self.filter(state__in=Delivery.TROUBLED)


class Delivery(models.Model):
    """One telling over one channel to one person. No address is kept: it is looked up when it is sent.

    `recipient` names who has no account ("patient:…", "robot:7"). `message_id` never changes, so a repeat can be
    recognised. `error` is a code of `Why`, a provider's code, or the class of the exception; never a text, which may
    quote an address.
    """

    class Channel(models.TextChoices):
        INBOX = "inbox", _("站内消息")
        EMAIL = "email", _("电子邮件")
        SMS = "sms", _("短信")
        ROBOT = "robot", _("群机器人")

    class State(models.TextChoices):
        QUEUED = "queued", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败，将自动重试")
        UNSURE = "unsure", _("不确定是否送达，将自动重试")
        DEAD = "dead", _("已停止重试")
        SUPPRESSED = "suppressed", _("未发送")

    class Why(models.TextChoices):
        """Why a delivery was held back, or given up without an exception."""

        LEFT = "left", _("收件人已停用或已离开该机构")
        NO_ADDRESS = "no_address", _("收件人没有填写邮箱")
        NOT_VISIBLE = "not_visible", _("收件人已无权查看该事项")
        NO_WORDS = "no_words", _("该类通知已停用")
        WORKER_LOST = "worker_lost", _("发送进程多次中断")
        NO_MOBILE = "no_mobile", _("没有可用的手机号码")
        NO_SMS = "no_sms", _("短信没有开通")
        NO_TEMPLATE = "no_template", _("没有为这类短信配置模板")
        NO_ANSWER = "no_answer", _("已经发出，没有得到明确答复，不确定是否送达")
        NO_ROBOT = "no_robot", _("群机器人已停用或删除")
        NOT_ALLOWED = "not_allowed", _("群机器人的地址不在允许的范围内")
        UNREACHABLE = "unreachable", _("连接不上服务商")

    OPEN = [State.QUEUED, State.FAILED, State.UNSURE]
    FAILING = [State.FAILED, State.UNSURE, State.DEAD]
    TROUBLED = [*FAILING, State.SUPPRESSED]

    event = models.ForeignKey("events.Event", models.PROTECT, related_name="+")
    notice = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recipient = models.CharField(max_length=60, blank=True)
    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="+")
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "notice", "channel", "user"], name="notifications_delivery_once"),
            models.UniqueConstraint(
                fields=["event", "notice", "channel", "recipient"],
                name="notifications_delivery_once_outside",
                condition=Q(user__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, recipient="") | (Q(user__isnull=True) & ~Q(recipient="")),
                name="notifications_delivery_to_one",
            ),
            models.CheckConstraint(
                condition=Q(lease__isnull=True, lease_until__isnull=True)
                | Q(lease__isnull=False, lease_until__isnull=False),
                name="notifications_delivery_lease_paired",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notifications_delivery_sent_paired",
            ),
        ]
        indexes = [
            models.Index(
                fields=["institution", "-id"], name="notifications_delivery_going", condition=~Q(channel="inbox")
            ),
            models.Index(
                fields=["recipient", "-id"], name="notifications_delivery_outside", condition=Q(user__isnull=True)
            ),
            models.Index(
                fields=["next_at"],
                name="notifications_delivery_open",
                condition=Q(state__in=["queued", "failed", "unsure"]),
            ),
            models.Index(
                fields=["institution", "-id"],
                name="notifications_delivery_trouble",
                condition=Q(state__in=["failed", "unsure", "dead", "suppressed"]),
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.message_id}"

    robot_name = ""
    """Of a delivery to a group robot, put there by `listing.name_robots`."""

    @property
    def event_ref(self) -> str:
        return f"delivery:{self.pk}"

    @property
    def to(self) -> str:
        """Whom it is for, as the page of deliveries says it; a patient has no name there."""
        if self.user_id:
            return self.user.name
        if self.channel == self.Channel.ROBOT:
            return self.robot_name or _("已删除的群机器人")
        return _("患者（短信）")

    @property
    def can_be_resent(self) -> bool:
        return self.state in self.TROUBLED

    @property
    def why(self) -> str:
        """The error in words; the class of an exception stays as it is."""
        return dict(self.Why.choices).get(self.error, self.error)
