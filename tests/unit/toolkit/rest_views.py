"""Small views that fail on command, and a list; the URL configuration of these tests."""

import django_filters
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.decorators import api_view, authentication_classes, parser_classes, permission_classes
from rest_framework.generics import ListAPIView
from rest_framework.response import Response

from toolkit import refusals
from toolkit.rest.filters import StrictFilterBackend
from toolkit.rest.paging import KeysetPagination
from toolkit.rest.parsers import JSONParser

from .samples import Sample

FAILURES = {
    "refused": lambda: refusals.Refused.of("/birth_date", "future", "出生日期不能晚于今天"),
    "full": lambda: refusals.Conflict("号源已满", code="full"),
    "too_many": lambda: refusals.TooMany(retry_after=7),
    "validation": lambda: exceptions.ValidationError({"patient": {"name": ["必填"]}, "items": [{}, {"code": ["错"]}]}),
    "django_validation": lambda: DjangoValidationError({"name": "必填"}),
    "http404": lambda: Http404("secret path"),
    "denied": lambda: PermissionDenied("secret reason"),
    "rest_denied": lambda: exceptions.PermissionDenied("缺少范围 referrals:write"),
    "rest_missing": lambda: exceptions.NotFound(),
    "no_login": lambda: exceptions.NotAuthenticated(),
    "bad_token": lambda: exceptions.AuthenticationFailed("令牌已过期"),
    "parse": lambda: exceptions.ParseError("不是 JSON"),
    "throttled": lambda: exceptions.Throttled(wait=12.2),
    "unavailable": lambda: exceptions.APIException("secret state"),
    "too_big": lambda: RequestDataTooBig("secret size"),
    "suspicious": lambda: SuspiciousOperation("secret"),
    "bad": lambda: BadRequest("secret"),
    "integrity": lambda: IntegrityError("UNIQUE constraint failed"),
    "bug": lambda: RuntimeError("secret bug"),
}


@api_view(["GET", "POST"])
@authentication_classes([])
@permission_classes([])
@parser_classes([JSONParser])
def failing(request, name):
    if name == "echo":
        return Response(request.data)
    raise FAILURES[name]()


def page(request, name):
    if name == "fine":
        return HttpResponse("fine")
    raise FAILURES[name]()


class SampleSerializer(serializers.ModelSerializer):
    class Meta:
        model = Sample
        fields = ("id", "name")


class SampleFilter(django_filters.FilterSet):
    born = django_filters.DateFromToRangeFilter(field_name="day")

    class Meta:
        model = Sample
        fields = ("name", "rank")


class SampleList(ListAPIView):
    authentication_classes = ()
    permission_classes = ()
    queryset = Sample.objects.all()
    serializer_class = SampleSerializer
    pagination_class = KeysetPagination
    filter_backends = (StrictFilterBackend,)
    filterset_class = SampleFilter
    keyset_order = ("-rank", "id")
    extra_query_params = ("box",)


class PlainList(SampleList):
    filterset_class = None
    keyset_order = ("id",)


urlpatterns = [
    path("api/fail/<str:name>", failing),
    path("page/<str:name>", page),
    path("api/page/<str:name>", page),
    path("api/samples/", SampleList.as_view()),
    path("api/plain/", PlainList.as_view()),
]
handler400 = "toolkit.rest.problems.bad_request"
handler403 = "toolkit.rest.problems.permission_denied"
handler404 = "toolkit.rest.problems.not_found"
handler500 = "toolkit.rest.problems.server_error"
