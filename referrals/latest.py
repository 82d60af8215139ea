"""Where the patient of a referral is looked after now: paper that is out leads on when the referral goes on."""

from referrals.codes import CONTINUING

HOPS = 10
GONE = ("void", "withdrawn")


def forerunners_of(referral) -> list:
    """The earlier referrals of this patient whose paper leads to this one, the nearest first."""
    found, each = [], referral
    for _hop in range(HOPS):
        each = each.parent if each.link in CONTINUING else None
        if each is None or each.patient_id != referral.patient_id or latest_of(each).pk != referral.pk:
            break
        found.append(each)
    return found


def latest_of(referral):
    """The last referral that was sent to go on with this one (forwarded, diverted, resubmitted), else itself."""
    for _hop in range(HOPS):
        rows = referral.children.filter(
            link__in=CONTINUING, submitted_at__isnull=False, patient_id=referral.patient_id
        ).exclude(status__in=GONE)
        onward = rows.select_related("sender", "receiver", "department", "patient", "consortium").order_by("pk").last()
        if onward is None:
            return referral
        referral = onward
    return referral
