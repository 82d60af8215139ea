"""Institutions, departments and capacity as JSON. What comes in is only read here; the acts decide what is right."""

from rest_framework import serializers

from institutions.models import Capacity, Department, Institution, Member
from toolkit.rest.strict import StrictSerializer
from toolkit.rest.times import ClockField, DayField, MomentField


class MembershipSerializer(serializers.ModelSerializer):
    consortium = serializers.CharField(source="consortium.code")
    role = serializers.CharField()
    closeness = serializers.CharField()

    class Meta:
        model = Member
        fields = ("consortium", "role", "closeness", "joined_on", "left_on", "agreement")


class InstitutionSerializer(serializers.ModelSerializer):
    """`role`, `joined_on` and `left_on` are those of the first consortium shared with the caller; null outside."""

    level = serializers.CharField()
    handles_on = serializers.CharField()
    consortium = serializers.SerializerMethodField()
    role = serializers.SerializerMethodField()
    joined_on = serializers.SerializerMethodField()
    left_on = serializers.SerializerMethodField()
    memberships = MembershipSerializer(source="shared_memberships", many=True)
    opening_hours = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    release_time = ClockField(format="%H:%M")

    class Meta:
        model = Institution
        fields = (
            "code",
            "name",
            "short_name",
            "consortium",
            "role",
            "level",
            "type",
            "credit_code",
            "licence_number",
            "joined_on",
            "left_on",
            "memberships",
            "address",
            "desk_phone",
            "duty_phone",
            "handles_on",
            "reviews_outgoing",
            "opening_hours",
            "release_time",
            "active",
            "version",
        )
        read_only_fields = fields

    def get_consortium(self, institution) -> str | None:
        return _first(institution, lambda member: member.consortium.code)

    def get_role(self, institution) -> str | None:
        return _first(institution, lambda member: member.role)

    def get_joined_on(self, institution) -> str | None:
        return _first(institution, lambda member: member.joined_on.isoformat())

    def get_left_on(self, institution) -> str | None:
        return _first(institution, lambda member: member.left_on and member.left_on.isoformat())


def _first(institution, what):
    memberships = institution.shared_memberships
    return what(memberships[0]) if memberships else None


class InstitutionChangeSerializer(StrictSerializer):
    """Codes are listed at `/api/v1/codes/`."""

    name = serializers.CharField(required=False)
    short_name = serializers.CharField(required=False, allow_blank=True)
    level = serializers.CharField(required=False)
    type = serializers.CharField(required=False)
    credit_code = serializers.CharField(required=False, allow_blank=True)
    licence_number = serializers.CharField(required=False, allow_blank=True)
    address = serializers.CharField(required=False, allow_blank=True)
    desk_phone = serializers.CharField(required=False, allow_blank=True)
    duty_phone = serializers.CharField(required=False, allow_blank=True)
    handles_on = serializers.CharField(required=False)
    reviews_outgoing = serializers.BooleanField(required=False)
    opening_hours = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2), required=False
    )
    release_time = ClockField(required=False, format="%H:%M")
    active = serializers.BooleanField(required=False)


class InstitutionCreateSerializer(InstitutionChangeSerializer):
    """`consortium` may be left out by who administers only one."""

    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()
    type = serializers.CharField()
    consortium = serializers.CharField(required=False)
    role = serializers.CharField(required=False)
    joined_on = DayField(required=False)
    left_on = DayField(required=False, allow_null=True)
    agreement = serializers.CharField(required=False, allow_blank=True)


class DepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ("code", "name", "specialty", "phone", "takes_referrals", "active", "version")
        read_only_fields = fields


class DepartmentChangeSerializer(StrictSerializer):
    name = serializers.CharField(required=False)
    specialty = serializers.CharField(required=False)
    phone = serializers.CharField(required=False, allow_blank=True)
    takes_referrals = serializers.BooleanField(required=False)
    active = serializers.BooleanField(required=False)


class DepartmentCreateSerializer(StrictSerializer):
    code = serializers.CharField()
    name = serializers.CharField()
    specialty = serializers.CharField()
    phone = serializers.CharField(required=False, allow_blank=True)
    takes_referrals = serializers.BooleanField(required=False)


class CapacitySerializer(serializers.ModelSerializer):
    """`free`: places a referral can take at the moment of the answer."""

    institution = serializers.CharField(source="department.institution.code")
    department = serializers.CharField(source="department.code")
    kind = serializers.CharField()
    session = serializers.CharField()
    free = serializers.SerializerMethodField()

    class Meta:
        model = Capacity
        fields = (
            "id",
            "institution",
            "department",
            "date",
            "kind",
            "session",
            "total",
            "referral_quota",
            "booked",
            "booked_elsewhere",
            "release_at",
            "free",
            "version",
        )
        read_only_fields = fields

    def get_free(self, capacity) -> int:
        return capacity.free(self.context["now"])


class CapacityRowSerializer(StrictSerializer):
    department = serializers.CharField()
    kind = serializers.CharField()
    session = serializers.CharField()
    total = serializers.IntegerField()
    referral_quota = serializers.IntegerField(required=False)
    booked_elsewhere = serializers.IntegerField(required=False)
    release_at = MomentField(required=False)


class CapacityDaySerializer(StrictSerializer):
    """A day of the own institution; rows of that day which are not named stay as they are."""

    date = DayField()
    rows = CapacityRowSerializer(many=True, allow_empty=False)


class CapacityDayAnswerSerializer(serializers.Serializer):
    date = DayField()
    rows = CapacitySerializer(many=True)
