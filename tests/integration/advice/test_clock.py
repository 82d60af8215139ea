"""Time and the inquiry: an unanswered one climbs, an answer nobody takes up ends, and who is told."""

from datetime import datetime, timedelta

import pytest

from advice.models import Inquiry
from advice.tasks import tick
from events import notices, outbox
from events.models import Event
from events.notices import Audience
from institutions.models import Consortium
from notifications.models import InboxMessage
from tests.inquire import ANSWER, REFER, again, ask, inquiry_at, said
from tests.integration.referrals.seeing import everything
from toolkit.calendar.working import ZONE

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)  # a Wednesday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def at(text):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def told(name="advice.escalated") -> list[tuple[int, list[Audience]]]:
    found = Event.objects.filter(name=name).order_by("pk")
    return [(event.facts["rung"], notices.notices_for(name)[0].audience(event)) for event in found]


def rungs(cast) -> list[list[Audience]]:
    """Department; desk and duty line; office."""
    house = cast.institutions.hospital.pk
    office = Consortium.objects.get(code="qingchuan").pk
    return [
        [Audience(institution_id=house, unit="department", department_id=cast.departments.cardiology.pk)],
        [Audience(institution_id=house, unit="desk"), Audience(institution_id=house, unit="duty_line")],
        [Audience(institution_id=house, unit="office", consortium_id=office)],
    ]


# urgency: when department, house and office hear of a question of Wednesday 10:00
CLIMBS = {
    "routine": ["03-13 10:00", "03-16 10:00", "03-17 10:00"],
    "urgent": ["03-11 16:00", "03-11 17:00", "03-12 08:30"],
}


@pytest.mark.parametrize("urgency", CLIMBS)
def test_an_unanswered_question_climbs_and_never_ends(cast, clock, urgency):
    inquiry, wanted = ask(cast, urgency=urgency), []
    for rung, (when, who) in enumerate(zip(CLIMBS[urgency], rungs(cast), strict=True), start=1):
        clock.move_to(at(when) - timedelta(minutes=1))
        tick()
        assert told() == wanted
        clock.move_to(at(when))
        tick()
        wanted.append((rung, who))
        assert told() == wanted
    clock.shift(timedelta(days=90))
    tick()
    assert told() == wanted
    assert (again(inquiry).status, again(inquiry).look_at) == ("open", None)


def test_after_downtime_missed_steps_are_one_and_twice_is_once(cast, clock):
    ask(cast)
    clock.move_to(at("03-30 10:00"))
    tick()
    once = everything()
    tick()
    assert everything() == once
    assert told() == [(3, rungs(cast)[2])]


def test_holidays_do_not_count(cast, clock):
    """Asked on the eve of the May holidays; the days off between belong to nobody's limit."""
    clock.move_to(at("04-30 15:00"))
    inquiry = ask(cast)
    assert inquiry.deadline == at("05-07 15:00")


def test_an_answer_ends_the_climb(cast, clock):
    inquiry = ask(cast)
    clock.move_to(at("03-13 11:00"))
    tick()
    said("answer", inquiry, cast, **ANSWER)
    clock.move_to(at("03-18 11:00"))
    tick()
    assert [rung for rung, _who in told()] == [1]


def test_an_answer_nobody_takes_up_ends_after_fourteen_days_with_notice(cast, clock):
    inquiry = inquiry_at("answered", cast)
    clock.move_to(MOMENT + timedelta(days=14) - timedelta(minutes=1))
    tick()
    assert again(inquiry).status == "answered"
    clock.shift(timedelta(minutes=1))
    tick()
    assert again(inquiry).status == "closed"
    while outbox.run_due():
        pass
    heard = InboxMessage.objects.filter(event__name="advice.lapsed").values_list("user__name", flat=True)
    assert {"张伟", "周强"} <= set(heard)
    assert not {"徐磊", "何梅", "郭鹏"} & set(heard)


def test_who_hears_of_what_and_in_which_words(cast):
    said("ask_again", inquiry_at("answered", cast, answer=REFER | {"urgency": "emergency"}), cast, text="今天能来吗？")
    while outbox.run_due():
        pass
    found = {}
    for message in InboxMessage.objects.select_related("user", "event").order_by("pk"):
        notice = notices.find(message.event.name, message.notice)
        if message.event.name.startswith("advice."):
            words = notice.words(message.event)
            found.setdefault((words.title.split(" Q")[0], words.body, message.urgent), set()).add(message.user.name)
    asking, answering = {"张伟", "王芳", "刘洋"}, {"周强", "吴霞", "宋佳"}
    assert found == {
        ("城关镇卫生院 咨询", "心内科，请在 03-13 10:00 前答复。", False): answering,
        ("县人民医院 心内科 已答复", "建议转诊，请查看。", True): asking,
        ("城关镇卫生院 追问", "心内科，请在 03-13 10:00 前答复。", False): answering,
    }


def test_a_bad_row_stops_nobody(cast, clock, monkeypatch):
    for _each in range(2):
        ask(cast)
    clock.move_to(at("03-13 10:00"))
    first = Inquiry.objects.order_by("id").first()
    from advice.actions import clock as inquiry_clock

    look = inquiry_clock.look
    monkeypatch.setattr(inquiry_clock, "look", lambda pk: look(pk) if pk != first.pk else 1 / 0)
    assert tick() == 2
    assert [rung for rung, _who in told()] == [1]
