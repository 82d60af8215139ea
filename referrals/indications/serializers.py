"""The JSON of what spoke for a referral."""

from rest_framework import serializers

from referrals import codes
from toolkit.rest.choices import CodeField


class SourceSerializer(serializers.Serializer):
    name = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    clause = serializers.CharField()


class EvidenceSerializer(serializers.Serializer):
    """What spoke for a rule: a reading with its unit and limit, a ticked sign, or a diagnosis."""

    field = serializers.CharField()
    value = serializers.JSONField()
    unit = serializers.CharField(allow_blank=True)
    condition = serializers.CharField(allow_blank=True)


class IndicationSerializer(serializers.Serializer):
    """A rule that held when the referral was sent, its text as it was then; of a draft, one that holds now."""

    rule = serializers.CharField()
    version = serializers.IntegerField()
    urgency = CodeField(codes.choices(codes.URGENCIES))
    text = serializers.CharField()
    text_en = serializers.CharField()
    source = SourceSerializer()
    evidence = EvidenceSerializer(many=True)
