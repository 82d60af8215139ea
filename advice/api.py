"""REST: advice before referral. The same acts as the pages; only the manner of speaking differs.

A move asks in the order 404, 428/412, 403, 422; the act asks again on the locked row.
"""

import hashlib

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from accounts.rest import ActorViewSet
from advice import actions, examples, files, presenting
from advice.actions import attach
from advice.boxes import BOXES, box_named, rows_in
from advice.filters import InquiryFilter
from advice.models import Inquiry
from advice.parties import is_open, open_for
from advice.resolving import asked_of, find_inquiry, for_page, resolve
from advice.serializers import (
    InquiryRowSerializer,
    InquirySerializer,
    InquiryWriteSerializer,
    serializer_for,
)
from advice.workflow import LIFE
from events.workflow import check_version
from referrals.api_attachments import CONTENT, AttachSerializer
from referrals.resolving import patient_of
from toolkit.refusals import Missing, UnsupportedMediaType
from toolkit.rest.etags import require_version
from toolkit.words import listed

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="Q…")
ORDINAL = OpenApiParameter("ordinal", OpenApiTypes.INT, OpenApiParameter.PATH, description="1, 2, 3 … of this inquiry")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
BOX = OpenApiParameter("box", OpenApiTypes.STR, enum=list(BOXES), description="received by default")


class InquiryViewSet(ActorViewSet):
    scope_app = "advice"
    serializer_class = InquiryRowSerializer
    queryset = Inquiry.objects.none()
    filterset_class = InquiryFilter
    extra_query_params = ("box",)
    unversioned_actions = ("list", "attach", "attachment")
    streamed_actions = ("attach",)

    @property
    def keyset_order(self):
        return self._box.order

    @property
    def _box(self):
        return box_named(self.request.query_params.get("box", "received"))

    @extend_schema(operation_id="advice_list", parameters=[BOX])
    def list(self, request):
        """One box: received, asked, my_turn or overseen. Rows are masked and carry no word of the thread."""
        self.actor.require(self._box.permission)
        rows = rows_in(self._box.name, self.actor).prefetch_related("patient__identifiers")
        page = self.paginate_queryset(self.filter_queryset(rows))
        rows = [presenting.row_of(inquiry, self.actor) for inquiry in page]
        return self.get_paginated_response(InquiryRowSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="advice_ask",
        request=InquiryWriteSerializer,
        responses={201: InquirySerializer},
        examples=[
            examples.request("About a patient", examples.NAMED),
            examples.request("Nobody named", examples.NAMELESS),
        ],
    )
    def create(self, request):
        """Ask a department. An emergency is refused: it takes the green channel or the telephone."""
        self.actor.require("advice.ask")
        given = InquiryWriteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        where = asked_of(self.actor, data.pop("receiver"), data.pop("department"))
        patient = data.pop("patient", "")
        patient = patient_of(self.actor, patient) if patient else None
        inquiry = actions.ask(actor=self.actor, patient=patient, **where, **data)
        return self._answer(inquiry.number, status=201)

    @extend_schema(operation_id="advice_read", parameters=[NUMBER], responses=InquirySerializer)
    def retrieve(self, request, number):
        """One inquiry with its thread and the moves open to the caller. Writes an access entry."""
        return self._answer(number)

    def _move(self, request, number, verb):
        inquiry = find_inquiry(self.actor, number, queryset=for_page())
        version = require_version(request)
        again = verb == "convert" and inquiry.referral_id  # whoever asks again is shown the one there is
        refusal = None
        if not again:
            check_version(inquiry, version)
            refusal = LIFE.why_not(inquiry, verb, self.actor)
        if refusal:
            raise refusal
        given = serializer_for(verb)(data=request.data)
        given.is_valid(raise_exception=True)
        facts = resolve(verb, inquiry, self.actor, dict(given.validated_data))
        actions.perform(verb, inquiry, actor=self.actor, version=version, **facts)
        return self._answer(number)

    @extend_schema(exclude=True)
    def unknown_move(self, request, number, verb):
        """A mistyped verb: to who may not know the inquiry, it and its moves are equally missing."""
        find_inquiry(self.actor, number)
        words = _("没有名为 %(verb)s 的操作。可用的操作：%(known)s；现在能办哪些，见 moves。")
        raise Missing(words % {"verb": verb[:30], "known": listed(actions.ACTS)}, code="unknown_verb")

    @extend_schema(
        operation_id="advice_attach",
        parameters=[NUMBER],
        request={"multipart/form-data": AttachSerializer},
        responses={201: InquirySerializer},
    )
    def attach(self, request, number):
        """Attach one file, as `multipart/form-data`, as to a referral."""
        inquiry = find_inquiry(self.actor, number, queryset=for_page())
        if not request.content_type.startswith("multipart/form-data"):
            raise UnsupportedMediaType(_("请以 multipart/form-data 提交，文件放在 file 一栏。"))
        given = AttachSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        sent = given.validated_data
        clean = files.receive(inquiry, self.actor, sent["file"])
        words = {"kind": sent["kind"], "title": sent.get("title", ""), "file_name": sent["file"].name or ""}

        def act():
            attach(inquiry, actor=self.actor, clean=clean, **words)
            return self._answer(number, status=201)

        digest = "\0".join([*words.values(), hashlib.sha256(clean.data).hexdigest()])
        return self.answer_once(digest.encode(), act)

    @extend_schema(operation_id="advice_attachment", parameters=[NUMBER, ORDINAL], responses=CONTENT)
    def attachment(self, request, number, ordinal):
        """The file itself, inline or as a download. Writes an access entry where it is about a patient."""
        inquiry = find_inquiry(self.actor, number, queryset=for_page())
        return files.content_of(inquiry, ordinal, self.actor, route="GET advice/{number}/attachments/{ordinal}")

    def instead_of(self, answer):
        """What was readable then is given again only to who may still read it."""
        inquiry = find_inquiry(self.actor, answer.data["number"], queryset=for_page())
        if not self.may_read or not is_open(inquiry, self.actor):
            return self._answer(inquiry.number, status=answer.status)
        return None

    def _answer(self, number, *, status=200):
        inquiry = find_inquiry(self.actor, number, queryset=for_page().prefetch_related("patient__identifiers"))
        opened = self.may_read and open_for(inquiry, self.actor, purpose="inquiry", route="GET advice/{number}")
        entries = list(inquiry.entries.select_related("institution", "department").order_by("id"))
        data = presenting.detail_of(inquiry, self.actor, entries, opened=opened)
        location = reverse("api-advice-detail", args=[number]) if status == 201 else None
        return self.answer(InquirySerializer(data).data, status=status, version=inquiry.version, location=location)


def _move_view(verb: str):
    """One documented operation per verb of the table."""

    @extend_schema(
        operation_id=f"advice_{verb}",
        parameters=[NUMBER, IF_MATCH],
        request=serializer_for(verb),
        responses={200: OpenApiResponse(InquirySerializer)},
        examples=[examples.request(verb, examples.MOVES[verb])],
        description=str(LIFE.moves[verb].label),
    )
    def move(self, request, number):
        return self._move(request, number, verb)

    move.__name__ = f"move_{verb}"
    return move


for _verb in actions.ACTS:
    setattr(InquiryViewSet, f"move_{_verb}", _move_view(_verb))
