"""REST: patients. Answers are masked; full values come from `reveal` alone.

Checks come in the order 404, 428/412, 403, 422; the acts ask again, because they have other callers too.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from accounts.rest import ActorViewSet
from accounts.throttling import RevealThrottle, hold_back
from events.workflow import check_version
from records import actions, examples, search
from records.access import find_patient, open_record, require_changer
from records.actions.register import NEW
from records.data import PatientData
from records.filters import PatientFilter
from records.models import Patient
from records.serializers import (
    FoundSerializer,
    KnownPatientSerializer,
    PatientChangeSerializer,
    PatientSerializer,
    PatientWriteSerializer,
    RevealedSerializer,
    RevealSerializer,
    SearchSerializer,
)
from toolkit.refusals import Conflict, TooMany
from toolkit.rest.etags import require_version

PATIENT_ID = OpenApiParameter("id", OpenApiTypes.STR, OpenApiParameter.PATH, description="P + 12")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
FOUND_AT = OpenApiParameter(
    "Location",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="Address of what is registered.",
)
KEPT = ("phone", "address", "next_of_kin", "insurance_kind")
"""What a known registration keeps although something else was sent: it is changed by PATCH."""
ROUTE = "GET /api/v1/patients/{id}/"
REVEAL_ROUTE = "POST /api/v1/patients/{id}/reveal/"
SEARCH_ROUTE = "POST /api/v1/patients/search/"


class PatientViewSet(ActorViewSet):
    scope_app = "records"
    reading_actions = ("search",)
    unkept_actions = ("search", "reveal")
    unversioned_actions = ("list", "search", "reveal")
    never_empty_actions = ("create",)
    serializer_class = PatientSerializer
    queryset = Patient.objects.none()
    filterset_class = PatientFilter
    keyset_order = ("-id",)

    entered = ()
    """The numbers sent with a registration, or a change of one."""

    def get_throttles(self):
        throttles = super().get_throttles()
        return [*throttles, RevealThrottle()] if self.action in ("reveal", "search") else throttles

    def handle_exception(self, exc):
        """To hear that a number is another's is a look-up like any other: counted, and written down."""
        if isinstance(exc, Conflict) and self.entered:
            search.note_numbers(self.actor, self.entered, route=f"{self.request.method} /api/v1/patients/")
            try:
                hold_back("reveal", self.actor)
            except TooMany as slow:
                exc = slow
        return super().handle_exception(exc)

    @extend_schema(operation_id="patients_list")
    def list(self, request):
        """Own registrations and those of persons the institution has a live basis for, newest first."""
        self.actor.require("patient.read")
        visible = Patient.objects.visible_to(self.actor).select_related("institution").prefetch_related("identifiers")
        page = self.paginate_queryset(self.filter_queryset(visible))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="patients_register",
        parameters=[FOUND_AT],
        request=PatientWriteSerializer,
        responses={
            201: OpenApiResponse(PatientSerializer, description=_("新登记")),
            200: OpenApiResponse(KnownPatientSerializer, description=_("本机构已登记过")),
        },
        examples=[
            examples.request("By resident ID", examples.REGISTER),
            examples.request("An unknown patient", examples.REGISTER_UNKNOWN),
            examples.request("A newborn under the guardian's number", examples.REGISTER_NEWBORN),
        ],
    )
    def create(self, request):
        """Register a patient, or find the registration of one known by an own number.

        One that is known stays as it is, but for numbers it did not have: `ignored` names what was sent and not taken.
        """
        self.actor.require("patient.write")
        data = PatientData(**self._read(PatientWriteSerializer).changes())
        self.entered = data.identifiers
        patient, outcome = actions.register_patient(actor=self.actor, data=data)
        if outcome != NEW:  # what the house knew of him is shown
            open_record(self.actor, patient, purpose="register", route="POST /api/v1/patients/")
        response = self._answer(patient, status=201 if outcome == NEW else 200, location=_address(patient))
        if outcome != NEW:
            response.data["ignored"] = [name for name in KEPT if getattr(data, name)]
        return response

    @extend_schema(operation_id="patients_read", parameters=[PATIENT_ID])
    def retrieve(self, request, id):
        """One registration, masked. Writes an access entry."""
        patient = find_patient(self.actor, id)
        open_record(self.actor, patient, purpose="read", route=ROUTE)
        return self._answer(patient)

    @extend_schema(
        operation_id="patients_change",
        parameters=[PATIENT_ID, IF_MATCH],
        request=PatientChangeSerializer,
        examples=[examples.request("New telephone, one more number", examples.CHANGE)],
    )
    def partial_update(self, request, id):
        """Correct or complete an own registration.

        Who an unknown patient is may also be said by the institution he was referred to: `name` with what else is
        known of `identifiers`, `sex`, `birth_date`, `phone`. A number that is known makes him that person.
        """
        patient = find_patient(self.actor, id)
        version = require_version(request)
        check_version(patient, version)
        require_changer(self.actor, patient)
        self.actor.require("patient.write")
        changes = self._read(PatientChangeSerializer).changes()
        self.entered = changes.get("identifiers", ())
        actions.change_patient(actor=self.actor, patient=patient, version=version, changes=changes)
        patient = find_patient(self.actor, id)
        open_record(self.actor, patient, purpose="change", route="PATCH /api/v1/patients/{id}/")
        return self._answer(patient)

    @extend_schema(
        operation_id="patients_reveal",
        parameters=[PATIENT_ID],
        request=RevealSerializer,
        responses=RevealedSerializer,
        examples=[examples.request("Why and what", examples.REVEAL)],
    )
    def reveal(self, request, id):
        """Full values of the named fields, for a reason. Writes an access entry with that reason."""
        patient = find_patient(self.actor, id)
        self.actor.require("patient.reveal")
        asked = self._read(RevealSerializer).validated_data
        values = actions.reveal(
            actor=self.actor, patient=patient, fields=asked["fields"], reason=asked["reason"], route=REVEAL_ROUTE
        )
        return Response(values)

    @extend_schema(
        operation_id="patients_search",
        request=SearchSerializer,
        responses=FoundSerializer,
        examples=[examples.request("By resident ID", examples.SEARCH)],
    )
    def search(self, request):
        """Find by an exact number. `elsewhere` is known in the consortium and must first be registered here."""
        self.actor.require("patient.read")
        asked = self._read(SearchSerializer).validated_data
        found = search.find_by_number(self.actor, asked["value"], asked.get("type"), route=SEARCH_ROUTE)
        return Response(FoundSerializer(found).data)

    def instead_of(self, answer):
        """A registration is shown again to who may still open it."""
        find_patient(self.actor, answer.data["id"])

    def _read(self, serializer_class):
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer

    def _answer(self, patient: Patient, **more) -> Response:
        return self.answer(PatientSerializer(patient).data, version=patient.version, **more)


def _address(patient: Patient) -> str:
    return reverse("api-patient-detail", kwargs={"id": patient.public_id})
