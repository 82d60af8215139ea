"""Patients as JSON. What comes in is only read here; the acts decide what is right."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from records.actions.reveal import REVEALABLE
from records.checks import MOST_NUMBERS
from records.codes import IdentifierType, InsuranceKind, Owner, Sex
from records.data import NumberData, PatientData
from toolkit.rest.choices import CodeField
from toolkit.rest.strict import StrictSerializer
from toolkit.rest.times import DayField


class NumberWriteSerializer(StrictSerializer):
    type = CodeField(IdentifierType.choices)
    value = serializers.CharField(max_length=60)
    owner = CodeField(Owner.choices, default=Owner.SELF.value)


class NumberChangeSerializer(NumberWriteSerializer):
    remove = serializers.BooleanField(default=False, help_text=_("true：从登记中去掉这个号码"))


class KinWriteSerializer(StrictSerializer):
    name = serializers.CharField(max_length=50)
    relation = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")


class PatientWriteSerializer(StrictSerializer):
    """A person to register or to find. Sex and birth date may be left out where the resident ID says them."""

    name = serializers.CharField(max_length=50, required=False, allow_blank=True)
    sex = CodeField(Sex.choices, required=False)
    birth_date = DayField(required=False, allow_null=True)
    identifiers = NumberWriteSerializer(many=True, required=False, max_length=MOST_NUMBERS)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_of_kin = KinWriteSerializer(required=False, allow_null=True)
    insurance_kind = CodeField(InsuranceKind.choices, required=False, allow_blank=True)
    unknown = serializers.BooleanField(required=False, help_text=_("无名氏：身份不明的患者"))
    estimated_age = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=130)

    def patient_data(self) -> PatientData:
        return PatientData(**self.changes())

    def changes(self) -> dict:
        """What was sent, as the acts take it."""
        sent = dict(self.validated_data)
        if "identifiers" in sent:
            sent["identifiers"] = [NumberData(**entered) for entered in sent["identifiers"]]
        if sent.get("next_of_kin"):
            sent["next_of_kin"] = dict(sent["next_of_kin"])
        return sent


class PatientChangeSerializer(PatientWriteSerializer):
    """What is left out stays. Numbers are added, or taken off with `remove`."""

    identifiers = NumberChangeSerializer(many=True, required=False, max_length=MOST_NUMBERS)


class NumberSerializer(serializers.Serializer):
    type = CodeField(IdentifierType.choices)
    value = serializers.CharField(help_text=_("遮蔽，例如 110105********002X"))
    owner = CodeField(Owner.choices)
    history = serializers.BooleanField()


class KinSerializer(serializers.Serializer):
    name = serializers.CharField()
    relation = serializers.CharField()
    phone = serializers.CharField()


class PatientSerializer(serializers.Serializer):
    """A registration, masked. Reads the dict of `Patient.masked()`."""

    id = serializers.CharField()
    institution = serializers.CharField(help_text=_("登记该患者的机构"))
    name = serializers.CharField()
    sex = CodeField(Sex.choices)
    birth_date = serializers.CharField(allow_null=True, help_text=_("遮蔽到年，例如 1949-**-**"))
    age = serializers.IntegerField(allow_null=True)
    estimated_age = serializers.IntegerField(allow_null=True)
    unknown = serializers.BooleanField()
    last4 = serializers.CharField(allow_blank=True)
    identifiers = NumberSerializer(many=True)
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    next_of_kin = KinSerializer(allow_null=True)
    insurance_kind = CodeField(InsuranceKind.choices, allow_blank=True)
    version = serializers.IntegerField()

    def to_representation(self, patient):
        return super().to_representation(patient.masked() | {"version": patient.version})


class KnownPatientSerializer(PatientSerializer):
    """A registration there was already; `ignored` names what was sent with the call and not taken (change: PATCH)."""

    ignored = serializers.ListField(child=serializers.CharField())


class SearchSerializer(StrictSerializer):
    type = CodeField(IdentifierType.choices, required=False, allow_null=True)
    value = serializers.CharField(max_length=60)


class RowSerializer(serializers.Serializer):
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    sex = CodeField(Sex.choices)
    age = serializers.IntegerField(allow_null=True)
    last4 = serializers.CharField(allow_blank=True)
    own = serializers.BooleanField()
    institution = serializers.CharField()


class FoundSerializer(serializers.Serializer):
    results = RowSerializer(many=True, source="rows")
    elsewhere = RowSerializer(allow_null=True)


class RevealSerializer(StrictSerializer):
    fields_ = serializers.ListField(child=CodeField(REVEALABLE), min_length=1)
    reason = serializers.CharField(max_length=150)

    def get_fields(self):
        # "fields" is taken by the serializer itself
        declared = super().get_fields()
        return {"fields": declared.pop("fields_"), **declared}


class RevealedSerializer(serializers.Serializer):
    """Only the fields asked for are there."""

    name = serializers.CharField(required=False)
    birth_date = DayField(required=False, allow_null=True)
    identifiers = NumberSerializer(many=True, required=False)
    phone = serializers.CharField(required=False, allow_blank=True)
    address = serializers.CharField(required=False, allow_blank=True)
    next_of_kin = KinSerializer(required=False, allow_null=True)
