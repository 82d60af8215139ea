"""What the trail is asked for, and how it is narrowed by it."""

import re
from datetime import datetime, timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from institutions.forms.dates import NearDateField
from records.models import Patient
from referrals.models import Referral
from toolkit.pages.forms import AskedForm

from .words import BASES, KINDS

DAY = timedelta(days=1)
ACCESS, EVENTS = "access", "events"
REFERENCE = re.compile(r"R\d{11}|P[0-9A-Z]{12}|[A-Z_]{1,30}:[\w.:-]{1,60}", re.ASCII | re.IGNORECASE)


class TrailForm(AskedForm):
    """Filters of both lists. `houses` are the institutions to choose from."""

    trail = forms.ChoiceField(label=_("记录"), choices=[("", ""), (ACCESS, ""), (EVENTS, "")])
    since = NearDateField(label=_("从"))
    until = NearDateField(label=_("到"))
    institution = forms.ChoiceField(label=_("机构"))
    who = forms.CharField(label=_("工号"), max_length=32)
    basis = forms.ChoiceField(label=_("查阅依据"), choices=[("", _("全部")), *BASES.items()])
    kind = forms.ChoiceField(label=_("对象"), choices=[("", _("全部")), *KINDS.items()])
    subject = forms.CharField(label=_("转诊编号或患者编号"), max_length=60)

    def __init__(self, *args, houses, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].choices = [("", _("全部")), *((each.code, each.label) for each in houses)]

    def clean_subject(self):
        """Nothing else is looked for: what is asked is recorded, and a name or a number of a person must not be."""
        subject = self.cleaned_data["subject"]
        if subject and not REFERENCE.fullmatch(subject):
            words = _("请填写转诊编号（R 加 11 位数字）或患者编号（P 加 12 位），不要填写姓名或证件号码。")
            raise forms.ValidationError(words, code="no_reference")
        return subject

    def narrowed(self, rows, *, events: bool, houses):
        """`rows` by everything that was asked for."""
        wanted = self.cleaned_data
        conditions = Q()
        if wanted["since"]:
            conditions &= Q(recorded_at__gte=_midnight(wanted["since"]))
        if wanted["until"]:
            conditions &= Q(recorded_at__lt=_midnight(wanted["until"] + DAY))
        if wanted["institution"]:
            conditions &= Q(institution_code=wanted["institution"])
        if wanted["who"]:
            conditions &= Q(user_id__in=_people(wanted["who"], houses))
        if wanted["subject"]:
            conditions &= (_subject if events else _patient)(wanted["subject"].upper(), wanted["subject"])
        if events and wanted["kind"]:
            conditions &= Q(name__startswith=wanted["kind"] + ".")
        if not events and wanted["basis"]:
            conditions &= Q(basis=wanted["basis"])
        return rows.filter(conditions)

    @property
    def facts(self) -> dict:
        """What was asked for, as facts of the event that says so."""
        given = {name: self.cleaned_data[name] for name in ("institution", "who", "basis", "kind", "subject")}
        days = {name: self.cleaned_data[name] for name in ("since", "until")}
        given |= {name: day.isoformat() for name, day in days.items() if day}
        return {f"asked_{name}": value for name, value in given.items() if value}


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _people(staff_number, houses):
    jobs = Membership.objects.filter(staff_number=staff_number, institution__in=[each.pk for each in houses])
    return jobs.values("user_id")


def _subject(upper, given):
    """An event is about a referral or a patient by number, or about anything else by its reference."""
    return Q(subject__in=[f"referral:{upper}", f"patient:{upper}", given])


def _patient(upper, _given):
    """Reads of a person, named by a registration or by a referral."""
    by_number = Patient.objects.filter(public_id=upper).values("person_id")
    by_referral = Referral.objects.filter(number=upper).values("patient__person_id")
    return Q(person_id__in=by_number) | Q(person_id__in=by_referral)
