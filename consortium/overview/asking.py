"""What the overview is asked for in its address: a period, a house, a direction; and which number is opened."""

from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institutions.forms.dates import NearDateField
from institutions.models import Institution
from referrals import codes
from referrals.figures import FIGURES, PERIODS, Asked, Period, period_named
from referrals.figures.asking import COLUMNS, REASON
from referrals.figures.periods import CUSTOM, USUAL

LONGEST_DAYS = 1100
KEYS = (*COLUMNS, REASON)
LONGEST_KEY = 50


class OverviewForm(forms.Form):
    """Every field may be left out. After `is_valid`, `asked` is what the figures take."""

    period = forms.ChoiceField(label=_("期间"), choices=list(PERIODS.items()), required=False)
    since = NearDateField(label=_("从"), required=False)
    until = NearDateField(label=_("到"), required=False)
    house = forms.ChoiceField(label=_("机构"), required=False)
    direction = forms.ChoiceField(
        label=_("方向"), choices=[("", _("全部")), *codes.choices(codes.DIRECTIONS)], required=False
    )

    def __init__(self, data, *, actor):
        given = {name: data.get(name, "") for name in self.base_fields}
        super().__init__(given | {"period": given["period"] or (CUSTOM if given["since"] else USUAL)})
        houses = Institution.objects.visible_to(actor).order_by("name", "id")
        self.fields["house"].choices = [("", _("全部")), *((house.code, house.label) for house in houses)]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput()

    def clean(self):
        data = super().clean()
        if data.get("period") == CUSTOM and not self.errors:
            self._check_days(data["since"], data["until"])
        return data

    def _check_days(self, since, until) -> None:
        for name, day in (("since", since), ("until", until)):
            if day is None:
                self.add_error(name, _("自定义期间请填写起止日期。"))
        if since and until and until < since:
            self.add_error("until", _("止不能早于起。"))
        elif since and until and Period(since, until).days > LONGEST_DAYS:
            self.add_error("until", _("一次最多统计三年，请缩短期间。"))

    @property
    def asked(self) -> Asked:
        data = self.cleaned_data
        own = data["period"] == CUSTOM
        period = Period(data["since"], data["until"]) if own else period_named(data["period"])
        return Asked(period, house=data["house"], direction=data["direction"])

    @property
    def query(self) -> dict:
        """What was asked, to be asked again: codes and days, nothing of a person."""
        data = self.cleaned_data
        days = {name: data[name].isoformat() for name in ("since", "until")} if data["period"] == CUSTOM else {}
        narrowed = {name: data[name] for name in ("house", "direction") if data[name]}
        return {"period": data["period"], **days, **narrowed}

    @property
    def facts(self) -> dict:
        """What was asked, as facts of an event."""
        asked = self.asked
        days = {"since": asked.period.since.isoformat(), "until": asked.period.until.isoformat()}
        return days | {"house": asked.house, "direction": asked.direction}


class RowsForm(OverviewForm):
    """Which number is opened: of a figure's "part" or "whole", within some keys."""

    figure = forms.ChoiceField(label=_("指标"), choices=[(name, each.label) for name, each in FIGURES.items()])
    side = forms.ChoiceField(label=_("分子或分母"), choices=[("part", ""), ("whole", "")], required=False)

    def __init__(self, data, *, actor):
        super().__init__(data, actor=actor)
        self.keys = {name: data[name][:LONGEST_KEY] for name in KEYS if data.get(name)}

    def clean(self):
        data = super().clean()
        figure = FIGURES.get(data.get("figure"))
        if figure and REASON in self.keys and not figure.verbs:
            raise forms.ValidationError(_("这个指标不分原因。"))
        return data

    @property
    def figure_asked(self):
        return FIGURES[self.cleaned_data["figure"]]

    @property
    def side_asked(self) -> str:
        return self.cleaned_data["side"] or "part"


def address(url_name: str, **query) -> str:
    return f"{reverse(url_name)}?{urlencode(query)}"
