"""The JSON of inquiries: what is read (from `presenting`) and what is written (into the acts)."""

from functools import cache

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from advice import codes
from advice.content import LONGEST_WORD, TEXTS
from advice.facts import TAKES
from advice.statuses import STATUS_LABELS
from referrals import codes as referral_codes
from referrals.api_attachments import AttachmentSerializer
from referrals.serializers import ConsentSerializer, HandSerializer, MoveSerializer
from toolkit.rest.choices import CodeField
from toolkit.rest.strict import StrictSerializer
from toolkit.rest.times import MomentField


def _words(most: int, **more):
    return serializers.CharField(max_length=most, allow_blank=True, **more)


class InquiryWriteSerializer(StrictSerializer):
    """A question: about a `patient` with `consent` to sharing, or about nobody named with `age` and `sex`."""

    receiver = serializers.CharField(max_length=50, help_text=_("机构代码"))
    department = serializers.CharField(max_length=50, help_text=_("科室代码"))
    urgency = CodeField(
        referral_codes.choices(referral_codes.URGENCIES), required=False, help_text="routine | urgent; emergency: 422"
    )
    patient = serializers.CharField(required=False, allow_blank=True, help_text="P…")
    consent = ConsentSerializer(required=False, allow_null=True)
    age = serializers.IntegerField(required=False, allow_null=True)
    sex = serializers.CharField(required=False, allow_blank=True, help_text="GB/T 2261.1: 0 | 1 | 2")
    question = _words(TEXTS["question"])
    done = _words(TEXTS["done"], required=False)
    vitals = _words(TEXTS["vitals"], required=False)
    medications = _words(TEXTS["medications"], required=False)


class InquiryRowSerializer(serializers.Serializer):
    """A row of a list: masked, without a word of the thread."""

    number = serializers.CharField()
    urgency = serializers.CharField()
    status = CodeField(codes.choices(STATUS_LABELS))
    status_label = serializers.CharField()
    patient = serializers.CharField(allow_null=True)
    patient_shown = serializers.DictField(allow_null=True)
    age = serializers.IntegerField(allow_null=True)
    sex = serializers.CharField(allow_null=True)
    sender = serializers.CharField()
    receiver = serializers.CharField()
    department = serializers.CharField()
    hand = HandSerializer(allow_null=True)
    deadline = MomentField(allow_null=True)
    overdue = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = MomentField()
    answered_at = MomentField(allow_null=True)
    ended_at = MomentField(allow_null=True)


class EntrySerializer(serializers.Serializer):
    """One line of the thread; an answer has an outcome, and where it is to refer what is advised."""

    verb = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    by = serializers.CharField(allow_null=True)
    by_kind = serializers.CharField()
    institution = serializers.CharField(allow_null=True)
    written_at = MomentField()
    text = serializers.CharField()
    outcome = serializers.CharField(allow_null=True)
    kind = serializers.CharField(allow_null=True)
    urgency = serializers.CharField(allow_null=True)
    department = serializers.CharField(allow_null=True)


class InquirySerializer(InquiryRowSerializer):
    """The whole inquiry. What was written is null where the caller has no ground to read it."""

    author = serializers.CharField()
    phones = serializers.DictField()
    referral = serializers.CharField(allow_null=True)
    question = serializers.CharField(allow_null=True)
    done = serializers.CharField(allow_null=True)
    vitals = serializers.CharField(allow_null=True)
    medications = serializers.CharField(allow_null=True)
    entries = EntrySerializer(many=True)
    attachments = AttachmentSerializer(many=True, allow_null=True)
    moves = MoveSerializer(many=True)


_FIELDS = {
    "text": lambda: _words(LONGEST_WORD, required=False),
    "outcome": lambda: CodeField(codes.choices(codes.OUTCOMES), required=False),
    "kind": lambda: CodeField(referral_codes.choices(referral_codes.KINDS), required=False, allow_null=True),
    "urgency": lambda: CodeField(referral_codes.choices(referral_codes.URGENCIES), required=False, allow_null=True),
    "department": lambda: serializers.CharField(max_length=50, required=False, allow_null=True),
    "patient": lambda: serializers.CharField(max_length=20, required=False, allow_null=True, help_text="P…"),
}


@cache
def serializer_for(verb: str) -> type[serializers.Serializer]:
    """The body of one move; whether what is needed is there, the act judges (422)."""
    name = "".join(part.title() for part in verb.split("_"))
    return type(f"Advice{name}Serializer", (StrictSerializer,), {each: _FIELDS[each]() for each in TAKES[verb]})
