"""Blank paper as people meet it: the sheet to be printed, and whom to call about a number nobody has entered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.models import Member
from referrals.marks import barcode, qr_code
from referrals.models import BlankSlip
from toolkit.identifiers.numbers import normalise


@dataclass(frozen=True)
class Paper:
    """One sheet in the national layout, with room to write by hand."""

    back: bool
    number: str
    barcode: str
    qr_code: str
    house: str
    desk_phone: str
    printed_at: datetime
    again: bool


def paper_of(blank) -> Paper:
    return Paper(
        back=blank.direction == "down",
        number=blank.number,
        barcode=barcode(blank.number),
        qr_code=qr_code(blank.number),
        house=blank.institution.name,
        desk_phone=blank.institution.desk_phone or blank.institution.duty_phone,
        printed_at=blank.printed_at,
        again=blank.reprints > 0,
    )


def not_entered_words(actor, number: str) -> str:
    """For who meets a patient with paper of this number: whose it is and whom to call; "" where it is nothing to him.

    Only members of a consortium of the printing house hear that there is such paper; the house itself as well.
    """
    mates = Member.objects.current().filter(consortium_id__in=actor.consortium_ids).values("institution_id")
    rows = BlankSlip.objects.filter(Q(institution_id=actor.institution_id) | Q(institution_id__in=mates))
    unsent = rows.filter(Q(used_by=None) | Q(used_by__submitted_at=None))
    blank = unsent.select_related("institution").filter(number=normalise(number)).first()
    if blank is None:
        return ""
    house = blank.institution
    words = {
        "house": house.name,
        "day": f"{timezone.localtime(blank.printed_at):%Y-%m-%d}",
        "phone": house.desk_phone or house.duty_phone or _("（未登记电话）"),
    }
    if blank.spoiled_at:
        return _("空白单，由%(house)s于 %(day)s 印发，已作废，请联系 %(phone)s 核实。") % words
    return _("空白单，由%(house)s于 %(day)s 印发，尚未录入，请联系 %(phone)s。") % words
