"""Bodies that refuse fields they do not know."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not know: a mistyped name must not be dropped in silence."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = sorted(str(name)[:60] for name in set(data) - set(self.fields))
            if unknown:
                known = ", ".join(self.fields)
                detail = _("没有这个字段；可用的字段：%(known)s") % {"known": known}
                raise serializers.ValidationError({name: [detail] for name in unknown}, code="unknown_field")
        return super().to_internal_value(data)
