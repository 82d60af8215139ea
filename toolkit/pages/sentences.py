"""What forms say of themselves: Django's sentences in the platform's words, and never with what was typed."""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

CHOICE = _("没有这个选项，请从列表中选择。")
SENTENCES = {
    forms.Field: {"required": _("此项必填。")},
    forms.IntegerField: {"invalid": _("应为整数。")},
    forms.DecimalField: {"invalid": _("应为数字。")},
    forms.FloatField: {"invalid": _("应为数字。")},
    forms.DateField: {"invalid": _("不是有效日期，应写作 2026-03-31。")},
    forms.TimeField: {"invalid": _("不是有效时间，应写作 09:30。")},
    forms.DateTimeField: {"invalid": _("不是有效时间，应写作 2026-03-31 09:30。")},
    forms.ChoiceField: {"invalid_choice": CHOICE},
    forms.TypedChoiceField: {"invalid_choice": CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": CHOICE, "invalid_list": CHOICE},
    forms.ModelChoiceField: {"invalid_choice": CHOICE},
    forms.ModelMultipleChoiceField: {"invalid_choice": CHOICE, "invalid_list": CHOICE, "invalid_pk_value": CHOICE},
}
LIMITS = {
    validators.MaxValueValidator: _("不能大于 %(limit_value)s。"),
    validators.MinValueValidator: _("不能小于 %(limit_value)s。"),
    validators.ProhibitNullCharactersValidator: _("含有无法保存的字符，请重新输入。"),
    validators.MaxLengthValidator: ngettext_lazy(
        "最多 %(limit_value)d 个字，现在是 %(show_value)d 个。",
        "最多 %(limit_value)d 个字，现在是 %(show_value)d 个。",
        "limit_value",
    ),
}


def speak() -> None:
    """Once, when the platform starts: for every form, also those of Django itself."""
    for field, words in SENTENCES.items():
        field.default_error_messages = field.default_error_messages | words
    for validator, words in LIMITS.items():
        validator.message = words
