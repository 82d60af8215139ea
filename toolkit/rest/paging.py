"""Keyset paging for REST lists: {"results", "next", "previous"} and "count" only when asked for."""

import json

from django.db import connections
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from .. import keyset
from ..refusals import Malformed

DEFAULT_LIMIT, MAX_LIMIT = 20, 200
EXACT_UP_TO = 1000


class KeysetPagination(BasePagination):
    """The view says `keyset_order = ("deadline", "id")`; the last key must be unique."""

    def paginate_queryset(self, queryset, request, view=None):
        self.url = request.build_absolute_uri()
        self.limit = read_limit(request.query_params.get("limit"))
        self.count = _count(queryset, request.query_params.get("count"))
        cursor = request.query_params.get("cursor")
        if cursor == "":
            cursor = None
        order = getattr(view, "keyset_order", ("id",))
        self.page = keyset.page(queryset, order=order, cursor=cursor, limit=self.limit)
        return self.page.results

    def get_paginated_response(self, data):
        counted = {} if self.count is None else {"count": self.count}
        links = {"next": self._link(self.page.next), "previous": self._link(self.page.previous)}
        return Response({**counted, **links, "results": data})

    def _link(self, cursor):
        if cursor is None:
            return None
        return replace_query_param(remove_query_param(self.url, "cursor"), "cursor", cursor)

    def get_schema_operation_parameters(self, view):
        return [
            _parameter(
                "limit",
                _("每页条数，默认 20，最多 200"),
                type="integer",
                minimum=1,
                maximum=MAX_LIMIT,
                default=DEFAULT_LIMIT,
            ),
            _parameter("cursor", _("翻页游标，取自 next 或 previous 地址"), type="string"),
            _parameter(
                "count", _("同时返回总数：estimate 为估计值，exact 为精确值"), type="string", enum=["estimate", "exact"]
            ),
        ]

    def get_paginated_response_schema(self, schema):
        url = {"type": ["string", "null"], "format": "uri"}
        properties = {"count": {"type": "integer"}, "next": url, "previous": url, "results": schema}
        return {"type": "object", "required": ["next", "previous", "results"], "properties": properties}


def read_limit(text):
    """Query text → 1..200; None or "" is the default."""
    if text in (None, ""):
        return DEFAULT_LIMIT
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MAX_LIMIT:
        return int(text)
    detail = _("limit 应为 1 到 %(most)s 之间的整数") % {"most": MAX_LIMIT}
    raise Malformed.of("/limit", "bad_limit", detail)


def _count(queryset, how):
    if how in (None, ""):
        return None
    if how == "exact":
        return queryset.count()
    if how == "estimate":
        return _estimate(queryset)
    raise Malformed.of("/count", "bad_count", _("count 应为 estimate 或 exact"))


def _estimate(queryset):
    """Small lists are counted; for long ones PostgreSQL's planner is asked."""
    if connections[queryset.db].vendor != "postgresql":
        return queryset.count()
    counted = queryset.order_by()[: EXACT_UP_TO + 1].count()
    if counted <= EXACT_UP_TO:
        return counted
    plan = json.loads(queryset.order_by().explain(format="json"))
    return max(counted, int(plan[0]["Plan"]["Plan Rows"]))


def _parameter(name, description, **schema):
    return {"name": name, "in": "query", "required": False, "description": str(description), "schema": schema}
