"""Insurance in words: on the page of a referral and on its slip."""

from django.utils.translation import gettext as _

from institutions.models import Consortium
from records.codes import InsuranceKind
from referrals.codes import WITH_BED
from referrals.rules import consortium_between
from toolkit.words import explained


def insurance_words(insurance: dict) -> str:
    """Kind, place, certificate and its validity, in one line."""
    return " ".join(filter(None, [kind_words(insurance), certificate_words(insurance)]))


def kind_words(insurance: dict) -> str:
    kind = insurance.get("kind", "")
    label = str(InsuranceKind(kind).label) if kind in InsuranceKind.values else kind
    area = insurance.get("area", "")
    return explained(label, area) if label and area else label or area


def certificate_words(insurance: dict) -> str:
    number = insurance.get("certificate_number", "")
    number = _("转诊备案号 %(number)s") % {"number": number} if number else ""
    days = [insurance.get("valid_from", ""), insurance.get("valid_to", "")]
    valid = _("有效期 %(days)s") % {"days": "—".join(days)} if any(days) else ""
    return " ".join(filter(None, [number, valid]))


def deductible_words(referral) -> str:
    """What the consortium lets print about a stay that goes on elsewhere; "" elsewhere. One statement for a stay."""
    wanted = {"up": "deductible_up", "down": "deductible_down"}.get(referral.direction)
    if wanted is None or referral.kind not in WITH_BED:
        return ""
    own = consortium_between(referral.sender_id, referral.direction, receiver_id=referral.receiver_id)
    said = Consortium.objects.filter(pk=referral.consortium_id or own).values_list(wanted, flat=True).first()
    return _("同一疾病连续住院的，起付线连续计算，以参保地政策为准") if said else ""
