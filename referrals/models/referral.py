"""The referral: who sends whom where and why, in which state, and in whose hand it lies."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from referrals import codes
from referrals.models import alarm, green, turn
from referrals.statuses import ENDED, HOLDING, LIVE, STATUS_LABELS, UNSENT
from toolkit.crypto import EncryptedJSONField, EncryptedTextField

CLINICAL = (
    "purpose", "diagnoses", "history", "past_history", "allergies", "treatment", "medications", "vitals", "plan",
    "insurance", "caller_phone", "signs", "declined_indications", "indications",
)  # fmt: skip
"""Encrypted at rest, and not even loaded for lists."""


class ReferralQuerySet(models.QuerySet):
    """Named questions. The sender's and the receiver's side are two lists, never one query."""

    def visible_to(self, actor):
        """What the actor's institution is a party of, and for the office its consortium's."""
        if not (actor.is_machine or actor.may("referral.read")):
            return self.none()
        return self.in_reach_of(actor)

    def in_reach_of(self, actor):
        """The same, whatever the actor's role may do: a colleague hears 403, a stranger 404."""
        if actor.is_machine:
            return self
        party = Q(sender_id=actor.institution_id) | Q(receiver_id=actor.institution_id, submitted_at__isnull=False)
        if actor.may("referral.oversee"):
            party |= Q(consortium_id__in=actor.home_ids, submitted_at__isnull=False)
        return self.filter(party)

    def sent_by(self, institution_id: int):
        return self.filter(sender_id=institution_id)

    def received_by(self, institution_id: int):
        return self.filter(receiver_id=institution_id, submitted_at__isnull=False)

    def deferred_at(self, institution_id: int):
        """Accepted without a place: each has a contact-by date, nobody is dropped."""
        return self.received_by(institution_id).filter(status="accepted", contact_by__isnull=False)

    def overseen_by(self, actor):
        """Everything sent in the office's consortia."""
        if not actor.may("referral.oversee"):
            return self.none()
        return self.filter(consortium_id__in=actor.home_ids, submitted_at__isnull=False)

    def live(self):
        return self.filter(status__in=LIVE)

    def holding(self):
        """Those that stand in the way of another for the same person, specialty and direction."""
        return self.filter(status__in=HOLDING)

    def turn_of(self, actor):
        """What lies in the hand of the actor's desk or department: see `referrals.models.turn`."""
        return self.filter(turn.turn_of(actor))

    def alarming(self, actor, now):
        """What sounds the alarm at the actor's screen: see `referrals.models.alarm`."""
        if not actor.may("referral.answer"):
            return self.none()
        return self.filter(alarm.alarms_of(actor, now)).annotate(expected_at=alarm.expected_at())

    def telling_turn_of(self, actor):
        """Each with `in_turn`: whether it is on the actor's list. For `parties.is_in_turn`."""
        return self.annotate(in_turn=turn.is_turn_of(actor))

    def owing_paper(self, institution_id: int):
        """Sent by this house on the green channel, and still to be written up; wherever the patient is by now."""
        return self.sent_by(institution_id).filter(completion_due__isnull=False)

    def to_be_reviewed_by(self, actor):
        """Uses of the green channel that wait for the office of the actor's consortia."""
        return self.overseen_by(actor).filter(review_due__isnull=False)

    def overdue(self, now):
        return self.filter(deadline__lt=now)

    def as_rows(self):
        """What a list shows of each, in one statement, without the clinical text."""
        return self.with_parties().defer(*CLINICAL)

    def with_parties(self):
        """Everything a list row or a detail page shows, in one statement."""
        return self.select_related(
            "patient__institution", "sender", "receiver", "department", "sender_department", "hand_institution",
            "hand_department", "claimed_by__user", "author",
        )  # fmt: skip


class Referral(models.Model):
    """One referral from draft to closed loop. Only `referrals.actions` writes it."""

    number = models.CharField(max_length=16, unique=True)
    consortium = models.ForeignKey("institutions.Consortium", on_delete=models.PROTECT, null=True)
    journey = models.UUIDField(default=uuid.uuid4, db_index=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    link = models.CharField(max_length=12, blank=True)

    direction = models.CharField(max_length=8, choices=codes.choices(codes.DIRECTIONS))
    kind = models.CharField(max_length=14, choices=codes.choices(codes.KINDS))
    urgency = models.CharField(max_length=10, choices=codes.choices(codes.URGENCIES), default="routine")
    green_channel = models.CharField(max_length=12, choices=codes.choices(codes.GREEN_CHANNELS), blank=True)
    priority = models.JSONField(default=list)

    patient = models.ForeignKey("records.Patient", on_delete=models.PROTECT, related_name="referrals")
    sender = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    sender_department = models.ForeignKey(
        "institutions.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=100)
    author_phone = models.CharField(max_length=40, blank=True)
    receiver = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("institutions.Department", on_delete=models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=40)

    reason = models.CharField(max_length=24, choices=codes.choices(codes.REFERRAL_REASONS), blank=True)
    purpose = EncryptedTextField(blank=True)
    diagnoses = EncryptedJSONField(default=list)
    history = EncryptedTextField(blank=True)
    past_history = EncryptedTextField(blank=True)
    allergies = EncryptedJSONField(default=list)
    treatment = EncryptedTextField(blank=True)
    medications = EncryptedJSONField(default=list)
    vitals = EncryptedJSONField(default=dict)
    plan = EncryptedTextField(blank=True)
    follow_up_on = models.DateField(null=True)
    preferred_from = models.DateField(null=True)
    preferred_to = models.DateField(null=True)
    insurance = EncryptedJSONField(default=dict)
    caller_phone = EncryptedTextField(blank=True)
    signs = EncryptedJSONField(default=list)
    declined_indications = EncryptedJSONField(default=list)
    indications = EncryptedJSONField(default=list)
    onset_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    consent = models.ForeignKey("records.Consent", on_delete=models.PROTECT, null=True, related_name="+")

    status = models.CharField(max_length=14, choices=list(STATUS_LABELS.items()), default="draft")
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
    claimed_by = models.ForeignKey("accounts.Membership", on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)

    deadline = models.DateTimeField(null=True)
    respond_by = models.DateTimeField(null=True)
    turn_at = models.DateTimeField(default=timezone.now)
    look_at = models.DateTimeField(null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    response_left = models.DurationField(null=True)
    contact_by = models.DateField(null=True)
    follow_up_agreed_on = models.DateField(null=True)
    completion_due = models.DateTimeField(null=True)
    completion_rung = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    completed_in_time = models.BooleanField(null=True)
    review_due = models.DateTimeField(null=True)
    review_rung = models.PositiveSmallIntegerField(default=0)
    beside_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    no_sms = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    discharged_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "specialty", "direction"],
                condition=Q(status__in=HOLDING),
                name="referrals_one_holding",
            ),
            models.CheckConstraint(condition=~Q(sender=models.F("receiver")), name="referrals_sender_not_receiver"),
            models.CheckConstraint(
                condition=Q(status__in=LIVE, hand_institution__isnull=False)
                | Q(status__in=ENDED, hand_institution__isnull=True),
                name="referrals_live_in_one_hand",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="referrals_claim_paired",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNSENT) | Q(submitted_at__isnull=False), name="referrals_sent_has_time"
            ),
            models.CheckConstraint(
                condition=Q(discharged_at__isnull=True)
                | Q(arrived_at__isnull=False, discharged_at__gte=models.F("arrived_at")),
                name="referrals_discharged_after_arrival",
            ),
            models.CheckConstraint(
                condition=~Q(status="following_up") | Q(follow_up_agreed_on__isnull=False),
                name="referrals_follow_up_has_day",
            ),
            *green.CONSTRAINTS,
        ]
        indexes = [
            models.Index(
                fields=["hand_institution", "turn_at", "id"],
                name="referrals_turn",
                condition=Q(hand_institution__isnull=False),
            ),
            models.Index(fields=["receiver", "-submitted_at", "-id"], name="referrals_incoming"),
            models.Index(fields=["sender", "-created_at", "-id"], name="referrals_outgoing"),
            models.Index(fields=["consortium", "-submitted_at", "-id"], name="referrals_overseen"),
            models.Index(fields=["author", "-submitted_at", "-id"], name="referrals_own"),
            models.Index(
                fields=["consortium", "deadline"],
                name="referrals_due",
                condition=Q(hand_institution__isnull=False),
            ),
            models.Index(fields=["look_at"], name="referrals_look", condition=Q(look_at__isnull=False)),
            models.Index(fields=["arrived_at"], name="referrals_arrived", condition=Q(arrived_at__isnull=False)),
            *green.INDEXES,
        ]

    def __str__(self):
        return self.number

    @property
    def event_ref(self) -> str:
        return f"referral:{self.number}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def is_emergency(self) -> bool:
        """Emergencies and the green channel run day and night and are never held up."""
        return self.urgency == "emergency" or bool(self.green_channel)

    @property
    def by_phone(self) -> bool:
        """The receiver is not on the platform: the sender or the office records its answers (代录)."""
        return self.receiver.handles_on == "phone"

    def place_held(self):
        """The booking that has not been given back, or None."""
        return self.bookings.filter(given_back_at=None).select_related("capacity").first()

    @property
    def number_to_call(self) -> str:
        """Of the house that owes the next step; of one on the telephone, its own."""
        house = self.receiver if self.hand_side == "receiver" else self.sender
        return (self.rung >= 2 and house.duty_phone) or house.desk_phone or house.duty_phone

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
            "by_phone": self.by_phone,
            "sent": self.submitted_at is not None,
            "phone": self.number_to_call,
            "urgent": self.is_emergency,
            "green": self.green_channel,
            "rung": self.rung,
        }
