"""Filters that refuse what they do not know: a mistyped name must not silently give the whole list."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.widgets import SuffixedMultiWidget

from ..refusals import FieldError, Malformed
from .choices import known_words

ALWAYS_KNOWN = ("format",)
PAGED = ("count", "cursor", "limit")


class StrictFilterBackend(DjangoFilterBackend):
    """Every list asks it, filtered or not. A view names further parameters it reads itself in `extra_query_params`."""

    def get_filterset(self, request, queryset, view):
        filterset = super().get_filterset(request, queryset, view)
        for field in filterset.form.fields.values() if filterset else ():
            _say_what_is_right(field)
        return filterset

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset(request, queryset, view)
        known = _names(filterset) | {*ALWAYS_KNOWN, *getattr(view, "extra_query_params", ())}
        if view.pagination_class:
            known |= {*PAGED}
        refuse_unknown(request.query_params, known)
        _refuse_nul(request.query_params)
        return super().filter_queryset(request, queryset, view)


def _say_what_is_right(field):
    """Django's own words only say that a value is wrong."""
    if isinstance(field, forms.ChoiceField):
        field.error_messages["invalid_choice"] = known_words((code, words) for code, words in field.choices if code)
    elif isinstance(field, forms.DateField):
        field.error_messages["invalid"] = _("不是有效日期，应写作 2026-03-31。")


def _names(filterset):
    if filterset is None:
        return set()
    names = set()
    for name, field in filterset.form.fields.items():
        widget = field.widget
        suffixed = isinstance(widget, SuffixedMultiWidget)
        names.update([widget.suffixed(name, each) for each in widget.suffixes] if suffixed else [name])
    return names


def refuse_unknown(params, known):
    """Malformed for a query parameter that is not in the set `known`."""
    unknown = sorted(set(params) - known)
    if not unknown:
        return
    detail = _("不认识的查询参数：%(unknown)s；可用的参数：%(known)s") % {
        "unknown": ", ".join(_readable(name) for name in unknown),
        "known": ", ".join(sorted(known)),
    }
    errors = [FieldError(f"/{_readable(name)}", "unknown_parameter", _("没有这个查询参数")) for name in unknown]
    raise Malformed(detail, code="unknown_parameter", errors=errors)


def _refuse_nul(params):
    for name, values in params.lists():
        if any("\x00" in value for value in values):
            raise Malformed.of(f"/{name}", "null_character", _("查询参数不能含有空字符（NUL）"))


def _readable(name):
    """At most 60 printable characters of a stranger's word."""
    return "".join(each if each.isprintable() else "\ufffd" for each in name[:60])
