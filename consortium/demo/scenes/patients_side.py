"""What the patients did themselves, on the page behind their slips: looked, could not come, and said how it was."""

from datetime import date

from consortium.demo.patients import PEOPLE
from events.actor import system_actor
from referrals.actions.links import find_link, issue_link, prove
from referrals.actions.patient_words import decline, rate
from referrals.models import Referral
from referrals.statuses import RATEABLE

GIVEN = [
    (4, 5, 5, "县医院的服务台有人带我们去科室，省心。"), (3, 4, 4, None), (5, 5, 4, None), (4, 4, 5, None),
    (2, 4, 3, "等床位等了三天，希望早点告诉我们要等多久。"), (5, 5, 5, None), (4, 3, 4, None),
]  # fmt: skip


def cannot_come(stage):
    """Booked for tomorrow, and nobody can go along: he says so on his telephone."""
    yield stage.before.day(1, "17:30")
    sent = _of("陈志明", "cardiology")
    slip = issue_link(sent, actor=stage.actor("zhangjianguo"), made_for="slip")
    yield stage.before.day(1, "19:40")
    if slip:  # without an address of our own there are no links
        prove(find_link(slip.rpartition("/")[2]), _born("陈志明"))
    decline(sent, actor=system_actor(), reason="no_time", text="单位临时出差，下周一、周二都可以。")


def looked(stage):
    """The daughter looks where her mother has to go."""
    yield stage.before.day(1, "20:10")
    slip = issue_link(_of("韩永强", "general-surgery"), actor=stage.actor("liuchunsheng"), made_for="slip")
    if slip:
        prove(find_link(slip.rpartition("/")[2]), _born("韩永强"))


def rated(stage):
    """Enough answers for the county hospital to show figures; too few for the others."""
    yield stage.before.day(1, "20:30")
    for referral, (waiting, handover, clear, text) in zip(_over(), GIVEN, strict=False):
        rate(referral, actor=system_actor(), waiting=waiting, handover=handover, clear=clear, text=text or "")


def _over():
    rows = Referral.objects.filter(status__in=RATEABLE, direction="up", receiver__code="county-hospital")
    return rows.order_by("pk")


def _of(name: str, department: str) -> Referral:
    """Whoever waits for his day there; he may have others elsewhere."""
    return Referral.objects.get(patient__name=name, department__code=department, status="scheduled")


def _born(name: str) -> str:
    born: date = PEOPLE[name][1]
    return born.isoformat()


SCENES = [cannot_come, looked, rated]
