"""The filters of the lists as forms: the same names as REST, with what exists to choose from."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.models import Department, Institution
from referrals import codes
from referrals.boxes import BOXES
from referrals.filters import ReferralFilter
from referrals.statuses import LIVE, PAPERLESS, REVIEWABLE, STATUS_LABELS
from toolkit.refusals import Malformed
from toolkit.words import listed

OFFERED = {
    "my_turn": ("status", "urgency", "green", "overdue"),
    "incoming": (
        "status",
        "urgency",
        "partner",
        "department",
        "direction",
        "kind",
        "since",
        "until",
        "green",
        "overdue",
    ),
    "outgoing": ("status", "urgency", "partner", "direction", "kind", "since", "until", "green", "overdue"),
    "deferred": ("urgency", "partner", "department", "overdue"),
    "to_complete": ("status", "partner", "overdue"),
    "to_review": ("status", "since", "until", "overdue"),
    "overseen": ("status", "urgency", "hand", "direction", "kind", "since", "until", "live", "green", "overdue"),
}
"""Box → the filters of its page, the most used first."""

UNSEEN = {"draft", "in_review"}
"""Statuses that only the sender knows of."""

FIRST = 4
"""So many stand in the open, the others behind "更多条件"; ticks always stand in the open."""


class WorklistFilter(ReferralFilter):
    """One choice each instead of codes to type; a tick that is not set asks for nothing."""

    status = filters.ChoiceFilter(choices=codes.choices(STATUS_LABELS), label=_("状态"), empty_label=_("全部"))
    urgency = filters.ChoiceFilter(choices=codes.choices(codes.URGENCIES), label=_("紧急程度"), empty_label=_("全部"))
    direction = filters.ChoiceFilter(choices=codes.choices(codes.DIRECTIONS), label=_("方向"), empty_label=_("全部"))
    kind = filters.ChoiceFilter(choices=codes.choices(codes.KINDS), label=_("类别"), empty_label=_("全部"))
    partner = filters.ChoiceFilter(method="with_partner", label=_("对方机构"), empty_label=_("全部"))
    department = filters.ChoiceFilter(field_name="department__code", label=_("接收科室"), empty_label=_("全部"))
    hand = filters.ChoiceFilter(field_name="hand_institution__code", label=_("在谁手上"), empty_label=_("全部"))
    live = filters.BooleanFilter(method="not_ended", label=_("只看进行中"), widget=forms.CheckboxInput)
    green = filters.BooleanFilter(method="on_green_channel", label=_("只看绿色通道"), widget=forms.CheckboxInput)
    overdue = filters.BooleanFilter(method="past_deadline", label=_("只看已超时"), widget=forms.CheckboxInput)

    def __init__(self, request, *, box: str, queryset):
        super().__init__(request.GET, queryset=queryset, request=request)
        self.box = box
        refuse_unknown(request.GET, known=(*OFFERED[box], "cursor"))
        self.filters = {name: self.filters[name] for name in OFFERED[box]}
        if "status" in self.filters:
            self.filters["status"].extra["choices"] = _statuses(box)
        if "partner" in self.filters:
            self.filters["partner"].extra["choices"] = _partners(request.actor)
        if "hand" in self.filters:
            self.filters["hand"].extra["choices"] = _members(request.actor)
        if "department" in self.filters:
            self.filters["department"].extra["choices"] = _departments(request.actor)

    @property
    def due_field(self) -> str:
        return BOXES[self.box].due

    def on_green_channel(self, queryset, name, value):
        return super().on_green_channel(queryset, name, value) if value else queryset

    def not_ended(self, queryset, name, value):
        return queryset.live() if value else queryset

    def past_deadline(self, queryset, name, value):
        return super().past_deadline(queryset, name, value) if value else queryset

    @property
    def ticks(self) -> list:
        return [field for field in self.form if field.widget_type == "checkbox"]

    @property
    def first(self) -> list:
        return self._inputs[:FIRST]

    @property
    def more(self) -> list:
        return self._inputs[FIRST:]

    @property
    def more_asked(self) -> bool:
        """Whether a filter of the second row is in use or wrong, so that it must be in sight."""
        return any(field.value() or field.errors for field in self.more)

    @property
    def in_use(self) -> bool:
        return any(self.data.get(name) for name in self.filters)

    @property
    def _inputs(self) -> list:
        return [field for field in self.form if field.widget_type != "checkbox"]


def refuse_unknown(given, *, known) -> None:
    """A mistyped filter must not silently show everything."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        words = _("没有这个筛选条件；可用：%(known)s。") % {"known": listed(known)}
        raise Malformed.of(f"/{unknown[0][:40]}", "unknown_parameter", words)


def _statuses(box: str) -> list[tuple]:
    """Only what can be in this list at all."""
    never = {
        "my_turn": set(STATUS_LABELS) - set(LIVE),
        "incoming": UNSEEN,
        "overseen": UNSEEN,
        "to_complete": set(PAPERLESS),
        "to_review": set(STATUS_LABELS) - set(REVIEWABLE),
    }.get(box, set())
    return [(code, words) for code, words in STATUS_LABELS.items() if code not in never]


def _partners(actor) -> list[tuple]:
    rows = Institution.objects.visible_to(actor).exclude(pk=actor.institution_id).order_by("name", "id")
    return [(house.code, house.label) for house in rows]


def _members(actor) -> list[tuple]:
    """The houses of the office's consortia, its own among them."""
    rows = Institution.objects.visible_to(actor).order_by("name", "id")
    return [(house.code, house.label) for house in rows]


def _departments(actor) -> list[tuple]:
    rows = Department.objects.filter(institution_id=actor.institution_id).order_by("name", "id")
    return [(department.code, department.name) for department in rows]
