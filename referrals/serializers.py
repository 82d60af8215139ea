"""The JSON of referrals: what is read (from `presenting`) and what is written (into the acts)."""

from functools import cache

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from referrals import codes
from referrals.actions.performing import is_receivers
from referrals.facts import SPOKEN, facts_of
from referrals.indications.serializers import IndicationSerializer
from referrals.statuses import STATUS_LABELS
from referrals.workflow import LIFE
from toolkit.rest.choices import CodeField
from toolkit.rest.strict import StrictSerializer
from toolkit.rest.times import ClockField, DayField, MomentField


class DiagnosisSerializer(StrictSerializer):
    code = serializers.CharField(required=False, allow_blank=True, help_text="ICD-10")
    system = serializers.CharField(required=False, allow_blank=True)
    text = serializers.CharField(required=False, allow_blank=True)
    primary = serializers.BooleanField(required=False)


class MedicationSerializer(StrictSerializer):
    name = serializers.CharField(required=False, allow_blank=True)
    strength = serializers.CharField(required=False, allow_blank=True)
    dose = serializers.CharField(required=False, allow_blank=True)
    route = serializers.CharField(required=False, allow_blank=True)
    frequency = serializers.CharField(required=False, allow_blank=True)
    days = serializers.IntegerField(required=False, allow_null=True)
    long_term = serializers.BooleanField(required=False)
    supply = serializers.CharField(required=False, allow_blank=True, help_text=" | ".join(codes.SUPPLIES))


class ConsentSerializer(StrictSerializer):
    """A signature; `given_by` institution with method emergency names who approved (Civil Code art. 1220)."""

    covers = serializers.ListField(child=serializers.CharField())
    given_by = serializers.CharField(help_text="self | guardian | agent | institution")
    method = serializers.CharField(help_text="signed_paper | electronic | emergency")
    given_at = MomentField()
    giver_name = serializers.CharField(required=False, allow_blank=True)
    giver_relation = serializers.CharField(required=False, allow_blank=True)
    own_income = serializers.BooleanField(required=False, help_text="16 or older and living on own earnings: of age")
    approved_by = serializers.CharField(required=False, allow_blank=True)
    approved_title = serializers.CharField(required=False, allow_blank=True)
    refused = serializers.BooleanField(required=False)


class InsuranceSerializer(StrictSerializer):
    """What the slip says to the insurance; a certificate belongs to one referral, sending it again changes nothing."""

    kind = serializers.CharField(required=False, allow_blank=True)
    area = serializers.CharField(required=False, allow_blank=True, help_text=_("参保地"))
    certificate_number = serializers.CharField(required=False, allow_blank=True, help_text=_("转诊备案号"))
    valid_from = DayField(required=False, allow_null=True)
    valid_to = DayField(required=False, allow_null=True)


class ContentSerializer(StrictSerializer):
    """What is written on a referral. A draft may be half empty; sending says what is missing."""

    direction = CodeField(codes.choices(codes.DIRECTIONS), required=False)
    kind = CodeField(codes.choices(codes.KINDS), required=False)
    urgency = CodeField(codes.choices(codes.URGENCIES), required=False)
    green_channel = CodeField(codes.choices(codes.GREEN_CHANNELS), required=False, allow_null=True)
    priority = serializers.ListField(child=CodeField(codes.choices(codes.PRIORITIES)), required=False)
    receiver = serializers.CharField(required=False, help_text=_("机构代码"))
    department = serializers.CharField(required=False, help_text=_("科室代码"))
    reason = CodeField(codes.choices(codes.REFERRAL_REASONS), required=False, allow_blank=True)
    purpose = serializers.CharField(required=False, allow_blank=True)
    diagnoses = DiagnosisSerializer(many=True, required=False)
    history = serializers.CharField(required=False, allow_blank=True)
    past_history = serializers.CharField(required=False, allow_blank=True)
    allergies = serializers.ListField(child=serializers.CharField(allow_blank=True), required=False)
    treatment = serializers.CharField(required=False, allow_blank=True)
    plan = serializers.CharField(required=False, allow_blank=True)
    medications = MedicationSerializer(many=True, required=False)
    vitals = serializers.DictField(child=serializers.FloatField(), required=False)
    follow_up_on = DayField(required=False, allow_null=True)
    preferred_from = DayField(required=False, allow_null=True)
    preferred_to = DayField(required=False, allow_null=True)
    insurance = InsuranceSerializer(required=False)
    caller_phone = serializers.CharField(required=False, allow_blank=True)
    signs = serializers.ListField(
        child=CodeField(codes.choices(codes.CODE_LISTS["signs"])), required=False, help_text=_("勾选的体征和情形")
    )
    declined_indications = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, help_text=_("医生认为不适用的转诊指征（rule）")
    )
    onset_at = MomentField(required=False, allow_null=True, help_text=_("发病时间（绿色通道）"))
    called_at = MomentField(required=False, allow_null=True, help_text=_("呼救（来电）时间（绿色通道）"))
    consent = ConsentSerializer(required=False, allow_null=True)


class ReferralWriteSerializer(ContentSerializer):
    """A new referral; with `submit` it is sent in the same transaction, or nothing is kept."""

    patient = serializers.CharField(help_text="P…")
    direction = CodeField(codes.choices(codes.DIRECTIONS))
    kind = CodeField(codes.choices(codes.KINDS))
    receiver = serializers.CharField(help_text=_("机构代码"))
    department = serializers.CharField(help_text=_("科室代码"))
    submit = serializers.BooleanField(required=False, default=False)
    blank_number = serializers.CharField(
        required=False, allow_blank=True, default="", help_text=_("本机构印发的空白转诊单的单号")
    )
    occurred_at = MomentField(required=False, allow_null=True, default=None, help_text=_("实际转出时间；留空即现在"))


class HandSerializer(serializers.Serializer):
    side = serializers.CharField()
    institution = serializers.CharField()
    unit = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    claimed_by = serializers.CharField(allow_null=True)


class MoveSerializer(serializers.Serializer):
    verb = serializers.CharField()
    label = serializers.CharField()
    href = serializers.CharField()
    needs = serializers.ListField(child=serializers.CharField())


class ReferralRowSerializer(serializers.Serializer):
    """A row of a list: masked, without clinical text."""

    number = serializers.CharField()
    direction = serializers.CharField()
    kind = serializers.CharField()
    urgency = serializers.CharField()
    green_channel = serializers.CharField(allow_null=True)
    priority = serializers.ListField(child=serializers.CharField())
    status = CodeField(codes.choices(STATUS_LABELS))
    status_label = serializers.CharField()
    patient = serializers.CharField()
    patient_shown = serializers.DictField()
    sender = serializers.CharField()
    receiver = serializers.CharField()
    department = serializers.CharField()
    hand = HandSerializer(allow_null=True)
    deadline = MomentField(allow_null=True)
    overdue = serializers.BooleanField()
    version = serializers.IntegerField()
    created_at = MomentField()
    submitted_at = MomentField(allow_null=True)
    completion_due = MomentField(allow_null=True)
    review_due = MomentField(allow_null=True)


class BookingSerializer(serializers.Serializer):
    slot = serializers.IntegerField(allow_null=True)
    date = DayField()
    at = ClockField(allow_null=True)
    place = serializers.CharField()
    bring = serializers.CharField()


class SummarySerializer(serializers.Serializer):
    """The return summary sent down."""

    outcome = serializers.CharField()
    ended_at = MomentField()
    diagnoses = DiagnosisSerializer(many=True)
    treatment = serializers.CharField()
    advice = serializers.CharField()
    medications = MedicationSerializer(many=True)
    follow_up_on = DayField(allow_null=True)
    author_name = serializers.CharField()


class ConsentShownSerializer(serializers.Serializer):
    covers = serializers.ListField(child=serializers.CharField())
    given_by = serializers.CharField()
    method = serializers.CharField()
    given_at = MomentField()
    text = serializers.CharField()
    in_force = serializers.BooleanField()


class GreenReviewSerializer(serializers.Serializer):
    """The office's review of a green channel: version 1, or a correction with its reason."""

    version = serializers.IntegerField()
    verdict = CodeField(codes.choices(codes.GREEN_VERDICTS))
    verdict_label = serializers.CharField()
    times_kept = serializers.BooleanField()
    remark = serializers.CharField()
    reason = serializers.CharField()
    by = serializers.CharField()
    institution = serializers.CharField()
    reviewed_at = MomentField()


class ReferralSerializer(ReferralRowSerializer):
    """The whole referral. Clinical fields are null where the caller has no basis for the record, or no right to read.

    So are `consent` and `summary`, also where there is none.
    """

    journey = serializers.CharField()
    parent = serializers.CharField(allow_null=True)
    link = serializers.CharField(allow_null=True)
    linked = serializers.ListField(child=serializers.CharField())
    sender_department = serializers.CharField(allow_null=True)
    author = serializers.CharField()
    phones = serializers.DictField()
    contact_by = DayField(allow_null=True)
    discharged_at = MomentField(allow_null=True)
    follow_up_agreed_on = DayField(allow_null=True)
    completed_at = MomentField(allow_null=True)
    completed_in_time = serializers.BooleanField(allow_null=True)
    onset_at = MomentField(allow_null=True)
    called_at = MomentField(allow_null=True)
    responded_at = MomentField(allow_null=True)
    dispatched_at = MomentField(allow_null=True)
    arrived_at = MomentField(allow_null=True)
    review = GreenReviewSerializer(allow_null=True)
    booking = BookingSerializer(allow_null=True)
    moves = MoveSerializer(many=True)
    reason = serializers.CharField(required=False, allow_null=True)
    purpose = serializers.CharField(required=False, allow_null=True)
    diagnoses = DiagnosisSerializer(many=True, required=False, allow_null=True)
    history = serializers.CharField(required=False, allow_null=True)
    past_history = serializers.CharField(required=False, allow_null=True)
    allergies = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    treatment = serializers.CharField(required=False, allow_null=True)
    medications = MedicationSerializer(many=True, required=False, allow_null=True)
    vitals = serializers.DictField(required=False, allow_null=True)
    plan = serializers.CharField(required=False, allow_null=True)
    follow_up_on = DayField(required=False, allow_null=True)
    preferred_from = DayField(required=False, allow_null=True)
    preferred_to = DayField(required=False, allow_null=True)
    insurance = serializers.DictField(required=False, allow_null=True)
    caller_phone = serializers.CharField(required=False, allow_null=True)
    signs = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    declined_indications = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    indications = IndicationSerializer(many=True, required=False, allow_null=True)
    consent = ConsentShownSerializer(required=False, allow_null=True)
    summary = SummarySerializer(required=False, allow_null=True)


class StepSerializer(serializers.Serializer):
    """One row of the timeline; `late` marks what was entered afterwards, `on_behalf` a telephone answer (代录)."""

    version = serializers.IntegerField(allow_null=True)
    verb = serializers.CharField()
    label = serializers.CharField()
    to = serializers.CharField()
    hand = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    by_kind = serializers.CharField()
    institution = serializers.CharField(allow_null=True)
    on_behalf = serializers.BooleanField()
    occurred_at = MomentField()
    recorded_at = MomentField()
    late = serializers.BooleanField()
    remark = serializers.CharField()
    facts = serializers.DictField()

    def get_fields(self):
        return super().get_fields() | {"from": serializers.CharField()}


def _words(most: int):
    """Empty words are words left out; whether they were needed the act says."""
    return lambda **more: serializers.CharField(max_length=most, allow_blank=True, **more)


_FIELDS = {
    "text": _words(8000),
    "line": _words(200),
    "phone": _words(40),
    "date": DayField,
    "datetime": MomentField,
    "time": ClockField,
    "number": lambda **more: serializers.IntegerField(min_value=0, max_value=99, **more),
    "institution": lambda **more: serializers.CharField(max_length=50, **more),
    "department": lambda **more: serializers.CharField(max_length=50, **more),
    "slot": lambda **more: serializers.IntegerField(min_value=1, max_value=2**62, **more),
    "diagnoses": lambda **more: DiagnosisSerializer(many=True, **more),
    "medications": lambda **more: MedicationSerializer(many=True, **more),
}


@cache
def serializer_for(verb: str) -> type[serializers.Serializer]:
    """The body of one move, from the table of facts. Required ones are judged by the act (422)."""
    move = LIFE.moves[verb]
    fields = {}
    for fact in facts_of(verb, spoken=is_receivers(verb), remark_required="remark" in move.needs):
        required = fact.required and fact not in SPOKEN  # whether somebody was spoken to, the referral says
        more = {"required": required, "label": fact.label, "help_text": fact.help or fact.label}
        more |= {"allow_null": True} if not required else {}
        if fact.choices:
            fields[fact.name] = CodeField(codes.choices(fact.choices), **more)
        else:
            fields[fact.name] = _FIELDS[fact.kind](**more)
    name = "".join(part.title() for part in verb.split("_"))
    return type(f"{name}MoveSerializer", (StrictSerializer,), fields)
