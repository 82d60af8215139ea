"""Bodies that refuse fields they do not know."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

NOT_AN_OBJECT = _("应为 JSON 对象，即花括号中的名称和值")


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not know: a mistyped name must not be dropped in silence."""

    default_error_messages = {"invalid": NOT_AN_OBJECT}

    def run_validation(self, data=serializers.empty):
        if data is None and self.parent is None:  # DRF would say "no data"
            raise serializers.ValidationError({"non_field_errors": [NOT_AN_OBJECT]}, code="invalid")
        return super().run_validation(data)

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = sorted(str(name)[:60] for name in set(data) - set(self.fields))
            if unknown:
                known = ", ".join(self.fields)
                detail = _("没有这个字段；可用的字段：%(known)s") % {"known": known}
                raise serializers.ValidationError({name: [detail] for name in unknown}, code="unknown_field")
        return super().to_internal_value(data)
