"""What a referral says of the inquiry it came out of."""

from django.urls import reverse
from django.utils.translation import gettext as _

from advice.models import Inquiry
from referrals.origins import Origin


def describe(referral, actor) -> Origin | None:
    """For whoever may know of the inquiry; the address only for who may open lists of them. One query."""
    found = Inquiry.objects.visible_to(actor).filter(referral=referral).first()
    if found is None:
        return None
    return Origin(words=_("由转诊前咨询转来："), number=found.number, url=reverse("advice:detail", args=[found.number]))


def names_patient(referral) -> bool:
    """Whether the patient was named when it was asked, so that question, answer and files are about him. One query."""
    return Inquiry.objects.filter(referral=referral, patient__isnull=False).exists()
