"""What the tours of the READMEs promise, asked of the demo as it stands."""

import re
from pathlib import Path

from django.utils import timezone

from notifications.models import InboxMessage
from records.models import Patient
from referrals.models import Referral

BASE = Path(__file__).resolve().parents[3]
READMES = ("README.md", "README.zh-CN.md")


def assert_it_can_be_walked(unanswered):
    assert Referral.objects.get(status="in_transit").deadline > timezone.now()
    assert_the_office_has_heard_of(unanswered)
    assert_the_way_of_the_readmes_is_free()


def assert_the_way_of_the_readmes_is_free():
    """Whom both tours send up and back down by name has nothing under way there that would stand in the way."""
    named = {re.search(r"`sdf`[^\n]*?(\w{3})[）),]", (BASE / page).read_text(encoding="utf-8"))[1] for page in READMES}
    assert named == {"孙德福"}
    patient = Patient.objects.get(name="孙德福", institution__code="chengguan")
    under_way = Referral.objects.filter(patient__person=patient.person).holding()
    assert list(under_way.filter(specialty__in=["cardiology", "general_practice"])) == []


def assert_the_office_has_heard_of(referral):
    """What nobody answered is in Ma Hongmei's inbox, on whatever day of the week somebody looks."""
    climbed = InboxMessage.objects.filter(user__username="mahongmei", event__name="referral.escalated")
    assert referral.event_ref in climbed.values_list("event__subject", flat=True)
