"""What lists may be asked for. A name that is not here is refused."""

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from institutions.levels import TYPES, Level
from institutions.models import Capacity, Department, Institution, Member
from institutions.specialties import SPECIALTIES

YES_NO = [("true", _("是")), ("false", _("否"))]


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(filters.TypedChoiceFilter):
    """true or false; django-filter's own reads every other word as "not asked"."""

    def __init__(self, **more):
        super().__init__(choices=YES_NO, coerce=lambda value: value == "true", **more)


class InstitutionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("名称、代码或拼音首字母"))
    level = filters.ChoiceFilter(choices=Level.choices, label=_("等级"))
    type = filters.ChoiceFilter(choices=list(TYPES.items()), label=_("WS 218 类别代码"))
    handles_on = filters.ChoiceFilter(choices=Institution.HandlesOn.choices, label=_("办理方式"))
    active = YesNoFilter(label=_("在用"))
    consortium = filters.CharFilter(method="of_consortium", label=_("医联体代码"))
    role = filters.ChoiceFilter(method="with_role", choices=Member.Role.choices, label=_("在医联体中的角色"))

    class Meta:
        model = Institution
        fields = ("q", "level", "type", "handles_on", "active", "consortium", "role")

    def search(self, queryset, name, value):
        return queryset.search(value)

    def of_consortium(self, queryset, name, value):
        return queryset.filter(pk__in=self._members().filter(consortium__code=value).values("institution_id"))

    def with_role(self, queryset, name, value):
        return queryset.filter(pk__in=self._members().filter(role=value).values("institution_id"))

    def _members(self):
        return Member.objects.current().visible_to(self.request.actor)


class DepartmentFilter(filters.FilterSet):
    specialty = filters.ChoiceFilter(choices=list(SPECIALTIES.items()), label=_("诊疗科目代码"))
    takes_referrals = YesNoFilter(label=_("接收转诊"))
    active = YesNoFilter(label=_("在用"))

    class Meta:
        model = Department
        fields = ("specialty", "takes_referrals", "active")


class CapacityFilter(filters.FilterSet):
    institution = filters.CharFilter(field_name="department__institution__code", label=_("机构代码"))
    department = filters.CharFilter(field_name="department__code", label=_("科室代码"))
    date_from = filters.DateFilter(field_name="date", lookup_expr="gte", label=_("从此日起，默认今天"))
    date_to = filters.DateFilter(field_name="date", lookup_expr="lte", label=_("到此日止"))
    kind = filters.ChoiceFilter(choices=Capacity.Kind.choices, label=_("slot 为门诊号源，bed 为床位"))
    free = YesNoFilter(method="with_places", label=_("true：只看转诊现在还能约的；false：只看已满的"))

    class Meta:
        model = Capacity
        fields = ("institution", "department", "date_from", "date_to", "kind", "free")

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self.form.cleaned_data["date_from"] is None:
            queryset = queryset.filter(date__gte=timezone.localdate())
        return queryset

    def with_places(self, queryset, name, value):
        return queryset.filter(free_places__gt=0) if value else queryset.filter(free_places=0)
