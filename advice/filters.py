"""What lists of inquiries may be asked for. A name that is not here is refused."""

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advice import codes
from advice.models import Inquiry
from advice.statuses import STATUS_LABELS
from institutions.filters import YesNoFilter
from referrals.forms.filtering import refuse_unknown


class InquiryFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=codes.choices(STATUS_LABELS), label=_("状态，可重复"))
    urgency = filters.ChoiceFilter(choices=codes.choices(codes.URGENCIES), label=_("紧急程度"))
    overdue = YesNoFilter(method="past_deadline", label=_("已超时"))

    class Meta:
        model = Inquiry
        fields = ()

    def past_deadline(self, queryset, name, value):
        late = {"status": "open", "deadline__lt": timezone.now()}
        return queryset.filter(**late) if value else queryset.exclude(**late)


class ListFilter(InquiryFilter):
    """The same as a form: one choice each, a tick that is not set asks for nothing."""

    status = filters.ChoiceFilter(choices=codes.choices(STATUS_LABELS), label=_("状态"), empty_label=_("全部"))
    urgency = filters.ChoiceFilter(choices=codes.choices(codes.URGENCIES), label=_("紧急程度"), empty_label=_("全部"))
    overdue = filters.BooleanFilter(method="past_deadline", label=_("只看已超时"), widget=forms.CheckboxInput)

    def __init__(self, request, *, queryset):
        super().__init__(request.GET, queryset=queryset, request=request)
        refuse_unknown(request.GET, known=(*self.filters, "cursor"))

    def past_deadline(self, queryset, name, value):
        return super().past_deadline(queryset, name, value) if value else queryset

    @property
    def in_use(self) -> bool:
        return any(self.data.get(name) for name in self.filters)
