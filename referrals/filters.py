"""What lists of referrals may be asked for. A name that is not here is refused."""

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.filters import YesNoFilter
from referrals import codes
from referrals.boxes import BOXES
from referrals.models import Referral
from referrals.statuses import STATUS_LABELS


class ReferralFilter(filters.FilterSet):
    status = filters.MultipleChoiceFilter(choices=codes.choices(STATUS_LABELS), label=_("状态，可重复"))
    direction = filters.ChoiceFilter(choices=codes.choices(codes.DIRECTIONS), label=_("方向"))
    kind = filters.ChoiceFilter(choices=codes.choices(codes.KINDS), label=_("类别"))
    urgency = filters.ChoiceFilter(choices=codes.choices(codes.URGENCIES), label=_("紧急程度"))
    green = YesNoFilter(method="on_green_channel", label=_("只看（或不看）绿色通道"))
    partner = filters.CharFilter(method="with_partner", label=_("对方机构代码"))
    department = filters.CharFilter(field_name="department__code", label=_("接收科室代码"))
    overdue = YesNoFilter(method="past_deadline", label=_("已超时"))
    since = filters.DateFilter(field_name="created_at", lookup_expr="date__gte", label=_("此日起"))
    until = filters.DateFilter(field_name="created_at", lookup_expr="date__lte", label=_("至此日"))

    class Meta:
        model = Referral
        fields = ()

    @property
    def due_field(self) -> str:
        """What "overdue" is about in the list that is asked for."""
        box = BOXES.get(self.request.GET.get("box", ""))
        return box.due if box else "deadline"

    def on_green_channel(self, queryset, name, value):
        return queryset.exclude(green_channel="") if value else queryset.filter(green_channel="")

    def with_partner(self, queryset, name, value):
        own = self.request.actor.institution_id
        return queryset.filter(sender__code=value).exclude(sender_id=own) | queryset.filter(
            receiver__code=value
        ).exclude(receiver_id=own)

    def past_deadline(self, queryset, name, value):
        late = {f"{self.due_field}__lt": timezone.now()}
        return queryset.filter(**late) if value else queryset.exclude(**late)
