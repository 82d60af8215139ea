"""REST: where a patient could be referred, the reasons as separate figures. See `referrals.suggesting`."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

from accounts.rest import ActorViewSet
from institutions.specialties import SPECIALTIES
from referrals import codes, examples
from referrals.models import Referral
from referrals.resolving import patient_of
from referrals.standing import earlier_of
from referrals.suggesting import DAYS_AHEAD, Suggestion, order_for, suggest
from referrals.ways import Ways
from toolkit.refusals import Missing, Refused
from toolkit.rest.choices import CodeField
from toolkit.rest.filters import ALWAYS_KNOWN, refuse_unknown
from toolkit.rest.times import MomentField


class AskedSerializer(serializers.Serializer):
    """What is asked for; all in the address, none of it names a person but the patient's random id."""

    specialty = CodeField(list(SPECIALTIES.items()), help_text="specialties")
    patient = serializers.CharField(
        max_length=20, required=False, help_text="P…: adds `last_referred_on`; 404 outside one's reach"
    )
    direction = CodeField(codes.choices(codes.DIRECTIONS), required=False, help_text="all by default")
    kind = CodeField(codes.KIND_CHOICES, required=False, default="outpatient", help_text="kinds")
    urgency = CodeField(codes.choices(codes.URGENCIES), required=False, default="routine", help_text="urgencies")


class PlacesSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="slot or bed; empty where none is needed (follow-up at home)")
    published = serializers.BooleanField(help_text="false: it offers none to the platform; ask by telephone")
    free = serializers.IntegerField(help_text=f"what referrals can take now, in the next {DAYS_AHEAD} days")
    first_free = serializers.DateField(allow_null=True)


class WaitingSerializer(serializers.Serializer):
    state = serializers.CharField(help_text="known, too_few (fewer than 6 referrals), or none: nobody waits")
    median_minutes = serializers.IntegerField(allow_null=True)
    sample = serializers.IntegerField(allow_null=True)
    window_days = serializers.IntegerField(allow_null=True)
    computed_at = MomentField(allow_null=True)
    stale = serializers.BooleanField(help_text="computed more than an hour ago; it then orders nothing")


class SuggestionSerializer(serializers.Serializer):
    """One destination. `core`, `level`, `places`, `waiting` and `travel_minutes` are what the order is made of."""

    direction = serializers.CharField()
    receiver = serializers.CharField()
    receiver_name = serializers.CharField()
    level = serializers.CharField()
    core = serializers.BooleanField(help_text="the core hospital of the consortium")
    direct = serializers.BooleanField(help_text="the next tier, nobody in between is skipped")
    department = serializers.CharField()
    department_name = serializers.CharField()
    places = PlacesSerializer()
    waiting = WaitingSerializer()
    travel_minutes = serializers.IntegerField(allow_null=True, help_text="null: nobody has entered it")
    at_work = serializers.BooleanField(help_text="by opening hours or by the roster")
    back_at = MomentField(allow_null=True, help_text="when they open next; null while at work")
    by_phone = serializers.BooleanField(help_text="answers by telephone, what it says is entered for it")
    phone = serializers.CharField()
    last_referred_on = serializers.DateField(allow_null=True, help_text="this patient, as far as you may know")


class SuggestionsSerializer(serializers.Serializer):
    """`order` names the reasons the results are compared by, one after the other."""

    order = serializers.ListField(child=serializers.CharField())
    results = SuggestionSerializer(many=True)


class SuggestionViewSet(ActorViewSet):
    scope_app = "referrals"
    serializer_class = SuggestionsSerializer
    queryset = Referral.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="referrals_suggestions",
        parameters=[AskedSerializer],
        responses=OpenApiResponse(
            SuggestionsSerializer, examples=[examples.answer("Cardiology", examples.SUGGESTIONS)]
        ),
    )
    def list(self, request):
        """Where a patient could be referred for a specialty: free places, waiting time, travel and so on, each apart.

        Only departments that take referrals, of institutions one may refer to today. All at once, never paged.
        """
        refuse_unknown(request.query_params, {*AskedSerializer().fields, *ALWAYS_KNOWN})
        self.actor.require("referral.write")
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        earlier = _earlier(self.actor, wanted.pop("patient")) if "patient" in wanted else ()
        found = suggest(Ways(self.actor), earlier=earlier, **wanted)
        order = [reason.code for reason in order_for(wanted["urgency"])]
        return self.answer(SuggestionsSerializer({"order": order, "results": map(_row, found)}).data)


def _earlier(actor, public_id: str) -> list[Referral]:
    """What stands in the caller's own lists of this patient; so it is no look into the record."""
    try:
        return earlier_of(actor, patient_of(actor, public_id))
    except Refused as unknown:
        raise Missing(unknown.detail) from unknown


def _row(one: Suggestion) -> dict:
    return {
        "direction": one.way.direction,
        "receiver": one.receiver.code,
        "receiver_name": one.receiver.label,
        "level": one.receiver.level,
        "core": one.way.core,
        "direct": one.way.direct,
        "department": one.department.code,
        "department_name": one.department.name,
        "places": {
            "kind": one.places.kind,
            "published": one.places.published,
            "free": one.places.free,
            "first_free": one.places.first,
        },
        "waiting": {
            "state": one.wait.state,
            "median_minutes": one.wait.minutes,
            "sample": one.wait.sample,
            "window_days": one.wait.window_days,
            "computed_at": one.wait.computed_at,
            "stale": one.wait.stale,
        },
        "travel_minutes": one.way.minutes,
        "at_work": one.presence.at_work,
        "back_at": one.presence.back_at,
        "by_phone": not one.receiver.on_platform,
        "phone": one.phone,
        "last_referred_on": one.last_on,
    }
