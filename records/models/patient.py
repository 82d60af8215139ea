"""One institution's registration of a person."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from records import masking
from records.codes import InsuranceKind, Sex
from records.models.access import AccessGrant
from records.models.fields import KeyField
from records.models.person import Person
from toolkit.crypto import EncryptedJSONField, EncryptedTextField

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_public_id() -> str:
    """`P` and 12 random characters of Crockford's base 32: says nothing and can be read aloud."""
    return "P" + "".join(secrets.choice(_BASE32) for _place in range(12))


class PatientQuerySet(models.QuerySet):
    def in_reach_of(self, actor):
        """Registrations the actor's institution has a basis for, whatever the actor's role may do."""
        if actor.is_machine:
            return self
        if actor.institution_id is None:
            return self.none()
        granted = AccessGrant.objects.live().filter(institution_id=actor.institution_id).values("person_id")
        return self.filter(Q(institution_id=actor.institution_id) | Q(person_id__in=granted))

    def visible_to(self, actor):
        """Own registrations, and those of persons the institution has a live grant for."""
        if not (actor.is_machine or actor.may("patient.read")):
            return self.none()
        return self.in_reach_of(actor)

    def named(self, text: str):
        """Name, pinyin or initials begin with `text`. Matches nothing for empty text."""
        key = masking.name_key(text)
        if not key:
            return self.none()
        if not key.isascii():
            return self.filter(name_key__prefix=key)
        return self.filter(Q(name_pinyin__prefix=key) | Q(name_initials__prefix=key) | Q(name_key__prefix=key))

    def search(self, text: str):
        """The same as `named`: numbers are never searched by part."""
        return self.named(text)


class Patient(models.Model):
    """A registration: what this institution knows of a person. It never moves to another institution."""

    public_id = models.CharField(max_length=13, unique=True, default=new_public_id, editable=False)
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="patients")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="patients")
    name = models.CharField(_("姓名"), max_length=50)
    name_key = KeyField(max_length=50, editable=False)
    name_pinyin = KeyField(max_length=300, editable=False)
    name_initials = KeyField(max_length=50, editable=False)
    sex = models.CharField(_("性别"), max_length=1, choices=Sex)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    estimated_age = models.PositiveSmallIntegerField(_("估计年龄"), null=True, blank=True)
    age_estimated_on = models.DateField(null=True, blank=True)
    unknown = models.BooleanField(_("无名氏"), default=False)
    last4 = models.CharField(max_length=4, blank=True, editable=False)
    phone = EncryptedTextField(_("电话"), blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, editable=False)
    address = EncryptedTextField(_("住址"), blank=True, default="")
    next_of_kin = EncryptedJSONField(_("联系人"), null=True, blank=True)
    insurance_kind = models.CharField(_("医保类型"), max_length=20, choices=InsuranceKind, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = PatientQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="records_patient_named"),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="records_patient_sex"),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=False) | Q(estimated_age__isnull=False),
                name="records_patient_some_age",
            ),
            models.CheckConstraint(
                condition=Q(estimated_age__isnull=True, age_estimated_on__isnull=True)
                | Q(estimated_age__isnull=False, age_estimated_on__isnull=False, estimated_age__lte=130),
                name="records_patient_estimate_paired",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "person"], name="records_patient_of_person"),
            models.Index(fields=["name_key"], opclasses=["varchar_pattern_ops"], name="records_patient_name_key"),
            models.Index(fields=["name_pinyin"], opclasses=["varchar_pattern_ops"], name="records_patient_pinyin"),
            models.Index(fields=["name_initials"], opclasses=["varchar_pattern_ops"], name="records_patient_initials"),
            models.Index(
                fields=["institution", "phone_hash"], name="records_patient_phone", condition=~Q(phone_hash="")
            ),
        ]

    def __str__(self):
        return self.public_id

    @property
    def event_ref(self) -> str:
        return f"patient:{self.public_id}"

    @property
    def age(self) -> int | None:
        """Full years today; from the estimate where no birth date is known."""
        return masking.age_on(self, timezone.localdate())

    def masked(self) -> dict:
        """What everybody with a basis may see: see `masking.shown`."""
        return masking.shown(self, "masked")

    def shown_to(self, actor, level: str = "masked", *, numbers: bool = True) -> dict:
        """`masked`, or `party`: name and telephone in full for the parties of a live referral."""
        return masking.shown(self, level if actor.may("patient.read") else "masked", numbers=numbers)
