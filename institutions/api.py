"""REST: institutions, their departments, and capacity.

Every writing view asks in the order 404, 428/412, 403, 422; the act asks again, because it has other callers too.
"""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from institutions import actions, examples
from institutions.filters import CapacityFilter, DepartmentFilter, InstitutionFilter
from institutions.models import Capacity, Consortium, Department, Institution, Member
from institutions.rest import ActorViewSet
from institutions.scope import require_manager
from institutions.serializers import (
    CapacityDayAnswerSerializer,
    CapacityDaySerializer,
    CapacitySerializer,
    DepartmentChangeSerializer,
    DepartmentCreateSerializer,
    DepartmentSerializer,
    InstitutionChangeSerializer,
    InstitutionCreateSerializer,
    InstitutionSerializer,
)
from institutions.versions import require_current
from toolkit.refusals import Refused, Stale
from toolkit.rest.etags import etag, require_version
from toolkit.words import listed

IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
INSTITUTION_CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH)
DEPARTMENT_CODE = OpenApiParameter("department", OpenApiTypes.STR, OpenApiParameter.PATH)


class InstitutionsViewSet(ActorViewSet):
    """What the views of this part share."""

    scope_app = "institutions"

    def read_body(self, serializer_class):
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def answer_list(self, queryset):
        page = self.paginate_queryset(self.filter_queryset(queryset))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def institution(self):
        return get_object_or_404(Institution.objects.visible_to(self.actor), code=self.kwargs["code"])

    def require_version_of(self, thing):
        require_current(thing, require_version(self.request))


class InstitutionViewSet(InstitutionsViewSet):
    queryset = Institution.objects.none()
    serializer_class = InstitutionSerializer
    filterset_class = InstitutionFilter
    keyset_order = ("code",)
    lookup_field = "code"

    def get_queryset(self):
        shared = Member.objects.current().visible_to(self.actor).select_related("consortium")
        shared = Prefetch("members", shared.order_by("joined_on", "id"), to_attr="shared_memberships")
        return Institution.objects.visible_to(self.actor).prefetch_related(shared)

    @extend_schema(operation_id="institutions_list")
    def list(self, request):
        """Own institution, the members of its consortia, and those it may refer to or receives from."""
        return self.answer_list(self.get_queryset())

    @extend_schema(operation_id="institutions_read", parameters=[INSTITUTION_CODE])
    def retrieve(self, request, code):
        """One institution."""
        return self._answer(code)

    @extend_schema(
        operation_id="institutions_add",
        request=InstitutionCreateSerializer,
        responses={201: InstitutionSerializer},
        examples=examples.request("A village clinic", examples.INSTITUTION),
    )
    def create(self, request):
        """Add a member; for administrators of its consortium."""
        self.actor.require("consortium.manage")
        values = self.read_body(InstitutionCreateSerializer)
        consortium = self._consortium(values.pop("consortium", None))
        institution = actions.add_institution(actor=self.actor, consortium=consortium, **values)
        location = reverse("api-institution-detail", kwargs={"code": institution.code})
        return self._answer(institution.code, status=201, location=location)

    @extend_schema(
        operation_id="institutions_change",
        parameters=[INSTITUTION_CODE, IF_MATCH],
        request=InstitutionChangeSerializer,
        responses=InstitutionSerializer,
        examples=examples.request("New telephone and hours", examples.INSTITUTION_CHANGE),
    )
    def partial_update(self, request, code):
        """Change what is named. The own administrator keeps contacts and hours, the consortium's everything."""
        institution = self.institution()
        self.require_version_of(institution)
        require_manager(self.actor, institution)
        changes = self.read_body(InstitutionChangeSerializer)
        actions.change_institution(actor=self.actor, institution=institution, **changes)
        return self._answer(code)

    def _answer(self, code, **more):
        institution = get_object_or_404(self.get_queryset(), code=code)
        return self.answer(self.get_serializer(institution).data, version=institution.version, **more)

    def _consortium(self, code):
        own = list(Consortium.objects.visible_to(self.actor).filter(pk__in=self.actor.home_ids).order_by("code"))
        chosen = [each for each in own if code in (None, each.code)]
        if len(chosen) == 1:
            return chosen[0]
        codes = listed(each.code for each in own)
        raise Refused.of("/consortium", "unknown_consortium", _("请指明医联体，可用：%(codes)s") % {"codes": codes})


class DepartmentViewSet(InstitutionsViewSet):
    queryset = Department.objects.none()
    serializer_class = DepartmentSerializer
    filterset_class = DepartmentFilter
    keyset_order = ("code",)

    @extend_schema(operation_id="departments_list", parameters=[INSTITUTION_CODE])
    def list(self, request, code):
        """The departments of an institution."""
        rows = Department.objects.visible_to(self.actor).filter(institution=self.institution())
        return self.answer_list(rows)

    @extend_schema(operation_id="departments_read", parameters=[INSTITUTION_CODE, DEPARTMENT_CODE])
    def retrieve(self, request, code, department):
        """One department."""
        return self._answer(self._department())

    @extend_schema(
        operation_id="departments_add",
        parameters=[INSTITUTION_CODE],
        request=DepartmentCreateSerializer,
        responses={201: DepartmentSerializer},
        examples=examples.request("A stroke unit", examples.DEPARTMENT),
    )
    def create(self, request, code):
        """Add a department; for the administrators of the institution or its consortium."""
        institution = self.institution()
        require_manager(self.actor, institution)
        values = self.read_body(DepartmentCreateSerializer)
        department = actions.add_department(actor=self.actor, institution=institution, **values)
        address = {"code": institution.code, "department": department.code}
        return self._answer(department, status=201, location=reverse("api-department-detail", kwargs=address))

    @extend_schema(
        operation_id="departments_change",
        parameters=[INSTITUTION_CODE, DEPARTMENT_CODE, IF_MATCH],
        request=DepartmentChangeSerializer,
        responses=DepartmentSerializer,
        examples=examples.request("Takes no referrals for now", examples.DEPARTMENT_CHANGE),
    )
    def partial_update(self, request, code, department):
        """Change what is named."""
        department = self._department()
        self.require_version_of(department)
        require_manager(self.actor, department.institution)
        changes = self.read_body(DepartmentChangeSerializer)
        return self._answer(actions.change_department(actor=self.actor, department=department, **changes))

    def _department(self):
        rows = Department.objects.visible_to(self.actor).select_related("institution")
        return get_object_or_404(rows, institution__code=self.kwargs["code"], code=self.kwargs["department"])

    def _answer(self, department, **more):
        return self.answer(self.get_serializer(department).data, version=department.version, **more)


class CapacityViewSet(InstitutionsViewSet):
    queryset = Capacity.objects.none()
    serializer_class = CapacitySerializer
    filterset_class = CapacityFilter
    keyset_order = ("date", "id")

    def get_serializer_context(self):
        return {**super().get_serializer_context(), "now": timezone.now()}

    @extend_schema(operation_id="capacity_list")
    def list(self, request):
        """Own places and beds, and those of institutions one may refer to; asked for one own day, with its ETag."""
        rows = Capacity.objects.visible_to(self.actor).select_related("department__institution")
        response = self.answer_list(rows.with_free(timezone.now()))
        return self._with_day_version(response)

    def _with_day_version(self, response):
        asked = self.request.query_params
        start, end = parse_date(asked.get("date_from", "")), parse_date(asked.get("date_to", ""))
        if start and start == end and asked.get("institution") == self.actor.institution_code:
            response.headers["ETag"] = etag(actions.day_version(self._own(), start))
        return response

    @extend_schema(
        operation_id="capacity_publish",
        parameters=[
            OpenApiParameter(
                "If-Match",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="ETag of the day; needed as soon as anything is published for it.",
            )
        ],
        request=CapacityDaySerializer,
        responses=OpenApiResponse(CapacityDayAnswerSerializer),
        examples=examples.request("Outpatient places and beds of one day", examples.CAPACITY_DAY),
    )
    def publish(self, request):
        """Set a day's places and beds of the own institution in one call; all rows or none."""
        institution = self._own()
        require_manager(self.actor, institution, "capacity.manage")
        day = self.read_body(CapacityDaySerializer)
        rows = self._publish(institution, day)
        answer = {"date": day["date"].isoformat(), "rows": self.get_serializer(rows, many=True).data}
        return self.answer(answer, version=actions.day_version(institution, day["date"]))

    def _publish(self, institution, day):
        """A first publication has nothing to overwrite, so it may come without If-Match."""
        if "If-Match" in self.request.headers:
            version = require_version(self.request)
            return actions.publish_capacity(actor=self.actor, institution=institution, version=version, **day)
        try:
            return actions.publish_capacity(actor=self.actor, institution=institution, version=0, **day)
        except Stale:
            return require_version(self.request)  # says what is missing and where to get it

    def _own(self):
        return get_object_or_404(Institution.objects.visible_to(self.actor), pk=self.actor.institution_id)
