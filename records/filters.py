"""What the list of patients may be asked for."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from institutions.filters import YesNoFilter
from records.models import Patient
from records.search import looks_like_number
from toolkit.refusals import Malformed


class PatientFilter(filters.FilterSet):
    q = filters.CharFilter(method="named", label=_("姓名、拼音或拼音首字母的开头"))
    own = YesNoFilter(method="registered_here", label=_("true：只看本机构登记的患者"))

    class Meta:
        model = Patient
        fields = ("q", "own")

    def named(self, queryset, name, value):
        if looks_like_number(value):
            words = _("号码不能写在地址里，请用 POST /api/v1/patients/search/ 查询。")
            raise Malformed.of("/q", "number_in_address", words)
        return queryset.search(value)

    def registered_here(self, queryset, name, value):
        here = {"institution_id": self.request.actor.institution_id}
        return queryset.filter(**here) if value else queryset.exclude(**here)
