"""Opening hours as people write them: "08:00–12:00, 14:00–17:30"."""

import re
import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from toolkit.words import listed

SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")
APART = re.compile(r"[,，;；、\n]+")


def words_of_hours(hours) -> str:
    """[["08:00", "12:00"], …] → "08:00–12:00、14:00–17:30"."""
    return listed(f"{start}–{end}" for start, end in hours)


class HoursField(forms.CharField):
    """Cleans to [["08:00", "12:00"], …]; empty is []."""

    default_error_messages = {"span": _("“%(part)s”不是起止时间，请写成 08:00–12:00、14:00–17:30 的样子。")}

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else words_of_hours(value)

    def clean(self, value):
        text = unicodedata.normalize("NFKC", super().clean(value))
        return [self._span(part.strip()) for part in APART.split(text) if part.strip()]

    def _span(self, part):
        found = SPAN.fullmatch(part)
        if found is None:
            raise forms.ValidationError(self.error_messages["span"], code="span", params={"part": part})
        start_hour, start_minute, end_hour, end_minute = found.groups()
        return [f"{start_hour:0>2}:{start_minute}", f"{end_hour:0>2}:{end_minute}"]
