"""The page around a written sheet: patient, destination, what already runs, what is missing, where it is saved."""

from functools import cached_property

from django.shortcuts import render

from records.access import open_record
from referrals.content import CONTENT_FIELDS
from referrals.forms.writing import Sheet
from referrals.known import known_of
from referrals.models import BlankSlip
from referrals.resolving import patient_of
from referrals.rules import patient_fixed
from referrals.showing.houses import calls_for
from referrals.showing.indications import box_for
from referrals.standing import earlier_of, standing
from referrals.views.indicating import consortium_for
from referrals.views.looking_up import chosen_patient
from referrals.ways import Choice, Ways
from referrals.writing import missing_of, mode_of
from toolkit.pages.forms import asked, posted
from toolkit.refusals import Refusal

DEFAULTS = {
    "up": {"kind": "outpatient", "urgency": "routine"},
    "down": {"kind": "follow_up", "urgency": "routine"},
}
"""What a new sheet proposes; lateral and outward as upward. Why somebody is referred is for the doctor to say."""
BEGUN_BY_OTHERS = ("refer_back", "resubmit", "forward", "divert")


class SheetPage:
    """`sheet` is what was sent and refused; without one the page is opened anew."""

    def __init__(self, request, referral, sheet: Sheet | None = None, *, stale=False):
        self.request, self.referral, self.stale = request, referral, stale
        self.actor, self.mode = request.actor, mode_of(referral)
        self.sent_before = self.mode in ("returned", "completing")
        self.posted = request.POST if sheet else {}
        self.sheet = sheet or Sheet(
            content=self._content(), blank=paper_of(referral), number=asked(request, "blank") if not referral else ""
        )

    def render(self, status=200):
        patient = self._patient()
        context = {
            "sheet": self.sheet,
            "offers_paper": self._offers_paper(),
            "referral": self.referral,
            "mode": self.mode,
            "stale": self.stale,
            "choice": self.choice,
            "calls": calls_for(self.choice, green=self.green, ask=self.mode == "new" or bool(self.posted)),
            "green": self.green,
            "defaults": DEFAULTS,
            "sent_before": self.sent_before,
            "patient_fixed": bool(self.referral and patient_fixed(self.referral)),
            "patient": chosen_patient(self.actor, patient) if patient else None,
            "patient_errors": self.sheet.patient_errors,
            "standing": self._standing(patient),
            "missing": self._missing(),
            "question": self._question(),
            "indications": self._indications(patient),
        }
        return render(self.request, "referrals/new.html", context, status=status)

    @property
    def green(self) -> bool:
        if self.posted:
            return bool(self.posted.get("green_channel")) or self.posted.get("channel") == "green"
        if self.referral:
            return bool(self.referral.green_channel) and self.mode == "draft"
        return self.request.GET.get("green") == "1"

    @cached_property
    def choice(self) -> Choice:
        mine = self.referral
        if self.sent_before:
            return Choice(direction=mine.direction, receiver=mine.receiver, department=mine.department)
        if self.posted:
            codes = {name: posted(self.request, name) for name in ("direction", "receiver", "department")}
        else:
            codes = Choice(mine.direction, mine.receiver, mine.department).codes() if mine else self._printed_for()
        return Ways(self.actor).choose(**codes, green=self.green)

    def _printed_for(self) -> dict:
        """The direction of the paper that is to be entered."""
        number = asked(self.request, "blank")
        blank = BlankSlip.objects.visible_to(self.actor).filter(number=number).first() if number else None
        return {"direction": blank.direction} if blank else {}

    def _offers_paper(self) -> bool:
        """Only where there is paper to be entered: everybody else is not asked."""
        if self.sent_before:
            return False
        if self.sheet.paper.in_use:
            return True
        if self.referral:
            return self.referral.paper_waits
        return BlankSlip.objects.visible_to(self.actor).unused().exists()

    def _content(self) -> dict:
        job = self.request.membership
        phone = job.contact_phone if job else ""
        if self.referral is None:
            return {"caller_phone": phone} | DEFAULTS.get(self.choice.direction, DEFAULTS["up"]) | self._known()
        content = {name: getattr(self.referral, name) for name in CONTENT_FIELDS}
        content["caller_phone"] = self.referral.caller_phone or phone
        content["diagnoses"] = sorted(self.referral.diagnoses, key=lambda row: not row["primary"])
        return content

    def _known(self) -> dict:
        """What is known of the patient named in the address: whoever follows up may refer again."""
        patient = self._asked_for
        return known_of(earlier_of(self.actor, patient), self.actor, patient).content if patient else {}

    @cached_property
    def _asked_for(self):
        return self._found(asked(self.request, "patient"))

    def _patient(self):
        """Whoever is written about; to open the sheet is to open his record."""
        if self.posted and not self.sent_before:
            patient = self._found(posted(self.request, "patient"))
        else:
            patient = self.referral.patient if self.referral else self._asked_for
        if patient:
            open_record(self.actor, patient, purpose="write referral", route="referrals/{number}/edit")
        return patient

    def _found(self, wanted: str):
        try:
            return patient_of(self.actor, wanted) if wanted else None
        except Refusal:
            return None

    def _standing(self, patient):
        if patient is None or self.sent_before:
            return None
        where = {"department": self.choice.department, "direction": self.choice.direction}
        earlier = earlier_of(self.actor, patient)
        return standing(earlier, self.actor, patient, **where, emergency=self.green, but=self.referral)

    def _indications(self, patient):
        choice = self.choice
        return box_for(
            self.sheet.facts(),
            direction=choice.direction,
            patient=patient,
            consortium=consortium_for(self.actor, choice.receiver.code if choice.receiver else "", choice.direction),
            parent=self.referral.parent if self.referral and self.referral.link == "refer_back" else None,
        )

    def _missing(self) -> list:
        """Only where somebody goes on with what another, or the platform, has begun: a blank sheet needs no list."""
        begun = self.sent_before or bool(self.referral and self.referral.link in BEGUN_BY_OTHERS)
        return missing_of(self.referral) if begun and not self.posted else []

    def _question(self):
        """What was asked when it came back: by the receiver, or by the own reviewer."""
        come_back = self.mode == "returned" or (self.mode == "draft" and self.referral.consortium_id)
        if not come_back:
            return None
        return self.referral.steps.filter(verb__in=("return", "send_back")).order_by("-pk").first()


def paper_of(referral):
    """The numbered paper a referral was first written on, or None."""
    return getattr(referral, "blank", None)
