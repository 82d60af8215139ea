"""REST: referrals and their moves. The same acts as the pages; only the manner of speaking differs.

A move asks in the order 404, 428/412, 403, 422; the act asks again on the locked row.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.rest import ActorViewSet
from events.workflow import check_version
from referrals import actions, examples, presenting
from referrals.actions.drafts import check_writable
from referrals.boxes import BOXES, box_named, rows_in
from referrals.codes import all_codes
from referrals.filters import ReferralFilter
from referrals.models import Referral, Step
from referrals.resolving import (
    department_of,
    find_referral,
    institution_of,
    next_to_show,
    patient_of,
    resolve,
)
from referrals.serializers import (
    ContentSerializer,
    ReferralRowSerializer,
    ReferralSerializer,
    ReferralWriteSerializer,
    StepSerializer,
    serializer_for,
)
from referrals.workflow import LIFE
from toolkit.refusals import Missing, Refused
from toolkit.rest.etags import require_version
from toolkit.words import listed

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="R…")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
BOX = OpenApiParameter("box", OpenApiTypes.STR, enum=list(BOXES), description="incoming by default")
LINKED = {"forward", "divert", "refer_back", "resubmit"}
"""Moves that answer 201 with the referral they opened; who forwards is no party of it and sees the old one (200)."""


class ReferralViewSet(ActorViewSet):
    scope_app = "referrals"
    serializer_class = ReferralRowSerializer
    queryset = Referral.objects.none()
    listing_actions = unversioned_actions = ("list", "events")

    @property
    def filterset_class(self):
        return None if self.action == "events" else ReferralFilter

    @property
    def extra_query_params(self):
        return () if self.action == "events" else ("box",)

    @property
    def keyset_order(self):
        if self.action == "events":
            return ("id",)
        return box_named(self.request.query_params.get("box", "incoming")).order

    @extend_schema(operation_id="referrals_list", parameters=[BOX])
    def list(self, request):
        """One box: incoming, outgoing, deferred, my_turn, overseen, or what is owed: to_complete, to_review.

        Rows are masked and carry no clinical text.
        """
        box = box_named(request.query_params.get("box", "incoming"))
        self.actor.require(box.permission)
        rows = rows_in(box.name, self.actor).prefetch_related("patient__identifiers")
        page = self.paginate_queryset(self.filter_queryset(rows))
        rows = [presenting.row_of(referral, self.actor) for referral in page]
        return self.get_paginated_response(ReferralRowSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="referrals_create",
        request=ReferralWriteSerializer,
        responses={201: ReferralSerializer},
        examples=[
            examples.request("Up, sent at once", examples.REFERRAL),
            examples.request("Green channel", examples.GREEN_CHANNEL),
            examples.request("Written on a numbered blank slip, entered afterwards", examples.ON_PAPER),
        ],
    )
    def create(self, request):
        """Draft a referral, or with `submit` send it. Refused as a whole: nothing is kept half-written.

        `blank_number` is that of a blank slip of the own house: the referral bears it, and was sent at `occurred_at`.
        """
        self.actor.require("referral.write")
        data = self._read(ReferralWriteSerializer)
        submit, occurred_at = data.pop("submit"), data.pop("occurred_at")
        if occurred_at and not (submit or data["blank_number"]):
            raise Refused.of("/occurred_at", "not_sent", _("草稿没有转出时间；请随 submit 或纸质单号一起填写。"))
        ends = self._ends(data)
        with transaction.atomic():
            patient = patient_of(self.actor, data.pop("patient"))
            referral = actions.draft(actor=self.actor, patient=patient, written_at=occurred_at, **ends, **data)
            if submit:
                actions.perform("submit", referral, actor=self.actor, occurred_at=occurred_at)
        return self._answer(referral.number, status=201)

    @extend_schema(operation_id="referrals_read", parameters=[NUMBER], responses=ReferralSerializer)
    def retrieve(self, request, number):
        """One referral with the moves open to the caller. Writes an access entry."""
        return self._answer(number)

    @extend_schema(
        operation_id="referrals_change",
        parameters=[NUMBER, IF_MATCH],
        request=ContentSerializer,
        responses=ReferralSerializer,
        examples=[examples.request("More history, a wish for a date", examples.CHANGE)],
    )
    def partial_update(self, request, number):
        """Change a draft or a returned referral, or complete a green-channel one."""
        referral = find_referral(self.actor, number)
        version = require_version(request)
        check_version(referral, version)
        check_writable(referral, self.actor)
        data = self._read(ContentSerializer)
        ends = self._ends(data, referral)
        actions.change_draft(referral, actor=self.actor, version=version, **ends, **data)
        return self._answer(number)

    @extend_schema(operation_id="referrals_events", parameters=[NUMBER], responses=StepSerializer(many=True))
    def events(self, request, number):
        """The timeline, oldest first."""
        referral = find_referral(self.actor, number)
        steps = Step.objects.filter(referral=referral).select_related("institution")
        shown = presenting.open_for(referral, self.actor, purpose="timeline", route="GET referrals/{number}/events")
        page = self.paginate_queryset(self.filter_queryset(steps))
        named = presenting.named_to(self.actor, page)
        rows = [presenting.step_row(step, shown=shown, named=named) for step in page]
        return self.get_paginated_response(StepSerializer(rows, many=True).data)

    def _move(self, request, number, verb):
        referral = find_referral(self.actor, number, queryset=_with_sides())
        version = require_version(request)
        check_version(referral, version)
        refusal = LIFE.why_not(referral, verb, self.actor)
        if refusal:
            raise refusal
        data = self._read(serializer_for(verb), partial=True)
        facts = resolve(verb, referral, self.actor, data)
        result = actions.perform(verb, referral, actor=self.actor, version=version, **facts)
        shown = next_to_show(self.actor, referral, result)
        return self._answer(shown.number, status=200 if shown is referral else 201)

    @extend_schema(exclude=True)
    def unknown_move(self, request, number, verb):
        """A mistyped verb: to who may not know the referral, it and its moves are equally missing."""
        find_referral(self.actor, number)
        words = _("没有名为 %(verb)s 的操作。可用的操作：%(known)s；现在能办哪些，见转诊单的 moves。")
        raise Missing(words % {"verb": verb[:30], "known": listed(actions.ACTS)}, code="unknown_verb")

    def instead_of(self, answer):
        """A letter that was readable then is given again only to who may still read it."""
        referral = find_referral(self.actor, answer.data["number"], queryset=_with_sides())
        if not self.may_read or not presenting.is_open(referral, self.actor):
            return self._answer(referral.number, status=answer.status)
        return None

    def _read(self, serializer_class, **options) -> dict:
        serializer = serializer_class(data=self.request.data, **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _ends(self, data, referral=None) -> dict:
        """Receiver and department as rows; a department alone belongs to the receiver there is."""
        ends = {"direction": data.pop("direction")} if "direction" in data else {}
        receiver = referral.receiver if referral else None
        if "receiver" in data:
            receiver = ends["receiver"] = institution_of(self.actor, data.pop("receiver"))
        if "department" in data:
            ends["department"] = department_of(receiver, data.pop("department"))
        return ends

    def _answer(self, number, *, status=200):
        referral = find_referral(self.actor, number, queryset=_whole())
        opened = self.may_read and presenting.open_for(
            referral, self.actor, purpose="referral", route="GET referrals/{number}"
        )
        data = presenting.detail_of(referral, self.actor, opened=opened)
        location = reverse("api-referral-detail", args=[number]) if status == 201 else None
        return self.answer(ReferralSerializer(data).data, status=status, version=referral.version, location=location)


def _with_sides():
    return Referral.objects.select_related("sender", "receiver", "patient", "department", "summary")


def _whole():
    return (
        Referral.objects.with_parties()
        .select_related("summary", "consent__text", "parent", "patient__person")
        .prefetch_related("bookings", "patient__identifiers")
    )


def _move_view(verb: str):
    """One documented operation per verb of the table."""
    statuses = {201 if verb in LINKED else 200} | ({200} if verb == "forward" else set())

    @extend_schema(
        operation_id=f"referrals_{verb}",
        parameters=[NUMBER, IF_MATCH],
        request=serializer_for(verb),
        responses={status: OpenApiResponse(ReferralSerializer) for status in sorted(statuses)},
        examples=examples.of_move(verb),
        description=str(LIFE.moves[verb].label),
    )
    def move(self, request, number):
        return self._move(request, number, verb)

    move.__name__ = f"move_{verb}"
    return move


for _verb in actions.ACTS:
    setattr(ReferralViewSet, f"move_{_verb}", _move_view(_verb))


class CodeViewSet(ActorViewSet):
    """The code lists behind every coded field, in the caller's language."""

    pagination_class = None
    queryset = Referral.objects.none()

    @extend_schema(operation_id="codes_list", responses={200: OpenApiTypes.OBJECT})
    def list(self, request):
        """{list: [{"code", "label", "comment_required"}]}"""
        self.filter_queryset(self.queryset)  # it has no filters, and says so
        return Response(all_codes())
