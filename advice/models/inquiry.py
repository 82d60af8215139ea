"""The inquiry: a question to a department before anybody is referred, and in whose hand it lies."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from advice import codes
from advice.statuses import ENDED, LIVE, STATUS_LABELS
from records.codes import Sex
from referrals.models import turn
from toolkit.crypto import EncryptedTextField

CLINICAL = ("question", "done", "vitals", "medications")
"""Encrypted at rest, and not even loaded for lists."""


class InquiryQuerySet(models.QuerySet):
    """Named questions. Who asked and who was asked are two lists, never one query."""

    def visible_to(self, actor):
        """What the actor's institution asked or was asked, and for the office its consortium's."""
        if not (actor.is_machine or actor.may("referral.read")):
            return self.none()
        return self.in_reach_of(actor)

    def in_reach_of(self, actor):
        """The same, whatever the actor's role may do: a colleague hears 403, a stranger 404."""
        if actor.is_machine:
            return self
        party = Q(sender_id=actor.institution_id) | Q(receiver_id=actor.institution_id)
        if actor.may("referral.oversee"):
            party |= Q(consortium_id__in=actor.home_ids)
        return self.filter(party)

    def asked_by(self, institution_id: int):
        return self.filter(sender_id=institution_id)

    def put_to(self, institution_id: int):
        return self.filter(receiver_id=institution_id)

    def overseen_by(self, actor):
        """Everything asked in the office's consortia."""
        if not actor.may("referral.oversee"):
            return self.none()
        return self.filter(consortium_id__in=actor.home_ids)

    def turn_of(self, actor):
        """What lies in the hand of the actor's department: see `referrals.models.turn`."""
        return self.filter(turn.turn_of(actor))

    def telling_turn_of(self, actor):
        """Each with `in_turn`: whether it is on the actor's list."""
        return self.annotate(in_turn=turn.is_turn_of(actor))

    def overdue(self, now):
        return self.filter(deadline__lt=now)

    def as_rows(self):
        """What a list shows of each, in one statement, without the clinical text."""
        return self.with_parties().defer(*CLINICAL)

    def with_parties(self):
        return self.select_related(
            "patient__institution", "sender", "receiver", "department", "sender_department", "hand_institution",
            "hand_department", "author", "referral",
        )  # fmt: skip


class Inquiry(models.Model):
    """One question with its thread. Only `advice.actions` writes it.

    It is about a registered patient, with a consent to share, or about nobody named: `age` in years and `sex`.
    """

    number = models.CharField(max_length=16, unique=True)
    consortium = models.ForeignKey("institutions.Consortium", on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=10, choices=codes.choices(codes.URGENCIES), default="routine")

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, null=True, related_name="inquiries")
    consent = models.ForeignKey("records.Consent", on_delete=models.PROTECT, null=True, related_name="+")
    age = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)

    sender = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    sender_department = models.ForeignKey(
        "institutions.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=100)
    author_phone = models.CharField(max_length=40, blank=True)
    receiver = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("institutions.Department", on_delete=models.PROTECT, related_name="+")

    question = EncryptedTextField()
    done = EncryptedTextField(blank=True)
    vitals = EncryptedTextField(blank=True)
    medications = EncryptedTextField(blank=True)

    status = models.CharField(max_length=10, choices=list(STATUS_LABELS.items()), default="open")
    version = models.PositiveIntegerField(default=1)
    status_since = models.DateTimeField(default=timezone.now)
    hand_side = models.CharField(max_length=8, blank=True)
    hand_institution = models.ForeignKey(
        "institutions.Institution", on_delete=models.PROTECT, null=True, related_name="+"
    )
    hand_unit = models.CharField(max_length=12, blank=True)
    hand_department = models.ForeignKey(
        "institutions.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    hand_permission = models.CharField(max_length=24, blank=True)

    deadline = models.DateTimeField(null=True)
    turn_at = models.DateTimeField(default=timezone.now)
    look_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)

    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    referral = models.OneToOneField("referrals.Referral", on_delete=models.PROTECT, null=True, related_name="inquiry")

    objects = InquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sender=models.F("receiver")), name="advice_sender_not_receiver"),
            models.CheckConstraint(
                condition=Q(patient__isnull=False, consent__isnull=False, age__isnull=True, sex="")
                | (Q(patient__isnull=True, consent__isnull=True, age__isnull=False, age__lte=130) & ~Q(sex="")),
                name="advice_about_somebody",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVE, hand_institution__isnull=False, deadline__isnull=False)
                | Q(status__in=ENDED, hand_institution__isnull=True, deadline__isnull=True),
                name="advice_live_in_one_hand",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(answered_at__isnull=False), name="advice_answered_has_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_at__isnull=False) | Q(status__in=LIVE, ended_at__isnull=True),
                name="advice_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="converted", referral__isnull=False)
                | (~Q(status="converted") & Q(referral__isnull=True)),
                name="advice_converted_has_referral",
            ),
        ]
        indexes = [
            models.Index(
                fields=["hand_institution", "turn_at", "id"],
                name="advice_turn",
                condition=Q(hand_institution__isnull=False),
            ),
            models.Index(fields=["receiver", "-created_at", "-id"], name="advice_received"),
            models.Index(fields=["sender", "-created_at", "-id"], name="advice_asked"),
            models.Index(fields=["consortium", "-created_at", "-id"], name="advice_overseen"),
            models.Index(fields=["look_at"], name="advice_look", condition=Q(look_at__isnull=False)),
        ]

    is_emergency = by_phone = False
    """What `referrals.limits` and the hands ask of a referral: neither is ever put to a department here."""

    claimed_by_id = None

    def __str__(self):
        return self.number

    @property
    def event_ref(self) -> str:
        return f"inquiry:{self.number}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def hand_name(self) -> str:
        """House and department of whose turn it is; empty when nothing is left to do."""
        house, department = self.hand_institution, self.hand_department
        return " ".join(filter(None, [house and house.label, department and department.name]))

    def event_facts(self, passage) -> dict:
        """References for the event of a move: no patient, no clinical text."""
        return {
            **self.references(),
            "actor_institution": passage.actor.institution_id,
            **passage.facts.get("event_facts", {}),
        }

    def references(self) -> dict:
        """Who and where, for any event about it."""
        return {
            "number": self.number,
            "consortium": self.consortium_id,
            "sender": self.sender_id,
            "sender_name": self.sender.label,
            "receiver": self.receiver_id,
            "receiver_name": self.receiver.label,
            "department": self.department_id,
            "department_name": self.department.name,
            "sender_department": self.sender_department_id,
            "author": self.author_id,
            "phone": self._number_to_call(),
            "due": f"{timezone.localtime(self.deadline):%m-%d %H:%M}" if self.deadline else "",
            "rung": self.rung,
        }

    def _number_to_call(self) -> str:
        """Of the house that owes the next step."""
        if self.hand_side == "sender":
            return self.author_phone or self.sender.desk_phone
        house = self.receiver
        return (self.rung >= 2 and house.duty_phone) or self.department.phone or house.desk_phone or house.duty_phone
