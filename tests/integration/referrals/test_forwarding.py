"""On to another hospital, back to where the patient came from, and again after a refusal: linked referrals."""

from datetime import datetime, timedelta

import pytest

from events import notices, outbox
from events.models import Event
from institutions.models import Relation
from notifications.models import InboxMessage
from referrals.actions import change_draft
from referrals.models import Referral
from tests.integration.referrals.seeing import events_of, everything, grants_of, places_held, taken, tick
from tests.walk import CONTENT, referral_at, step
from toolkit.calendar.working import ZONE
from toolkit.refusals import Conflict, Forbidden, Refused

MOMENT = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
NEXT_DAY = MOMENT + timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SHARED_WITH_NOBODY = CONTENT["consent"] | {"covers": ["referral"]}
GREEN = {"green_channel": "chest_pain", "caller_phone": "13800000000"}


def again(referral) -> Referral:
    return Referral.objects.with_parties().get(pk=referral.pk)


def pointers(act) -> list[str]:
    before = everything()
    with pytest.raises(Refused) as caught:
        act()
    assert everything() == before
    return [error.pointer for error in caught.value.errors]


def check_pair(old, new, cast, *, link, status):
    assert (new.sender, new.sender_department, new.author) == (old.sender, old.sender_department, old.author)
    assert (new.parent, new.journey, new.link, new.status) == (old, old.journey, link, status)
    assert (new.receiver, new.department) == (cast.institutions.tcm, cast.departments.tcm_cardiology)
    for name in ("patient", "history", "purpose", "diagnoses", "reason", "vitals", "allergies", "urgency"):
        assert getattr(new, name) == getattr(old, name), name


def test_forwarded_with_a_consent_that_covers_it_is_sent_at_once(cast):
    old = referral_at("submitted", cast)
    new = again(step("forward", old, cast))
    old = again(old)
    check_pair(old, new, cast, link="forward", status="submitted")
    assert (old.status, new.consent, new.hand_institution) == ("forwarded", old.consent, cast.institutions.tcm)
    assert [grant.institution.code for grant in grants_of(new)] == ["county-tcm"]
    assert [grant.withdrawn_at for grant in grants_of(old)] == [MOMENT]
    assert list(new.steps.values_list("verb", "actor_kind")) == [("submit", "system")]
    assert old.steps.order_by("-pk").first().facts["number"] == new.number


def test_everybody_concerned_hears_of_it(cast):
    old = referral_at("submitted", cast)
    new = step("forward", old, cast)
    outbox.run_due()
    told = InboxMessage.objects.filter(event__subject__in=[old.event_ref, new.event_ref])
    heard = set(told.values_list("notice", "user__username"))
    assert {("forwarded", "township-doctor"), ("submitted", "tcm-desk")} <= heard
    assert ("submitted", "outsider-desk") not in heard


def test_forwarded_without_it_waits_as_the_senders_draft(cast):
    old = referral_at("submitted", cast, consent=SHARED_WITH_NOBODY)
    new = again(step("forward", old, cast))
    check_pair(again(old), new, cast, link="forward", status="draft")
    assert (new.consent, new.hand_institution) == (None, cast.institutions.chengguan)
    assert not grants_of(new).exists()
    assert not Referral.objects.visible_to(cast.actors.tcm_desk).filter(pk=new.pk).exists()
    assert told_of(old) == f"后续单号 {new.number} 存为转出方的草稿，请补齐知情同意等内容后提交。"


def told_of(old) -> str:
    """What the sender reads in his inbox of the one that went on."""
    event = Event.objects.get(subject=old.event_ref, name__in=["referral.forwarded", "referral.diverted"])
    notice, *_patients = notices.notices_for(event.name)
    return notice.words(event).body


def test_what_goes_on_by_itself_asks_nothing_of_the_sender(cast):
    old = referral_at("submitted", cast)
    new = step("forward", old, cast)
    assert told_of(old) == f"后续单号 {new.number}。"


def test_where_the_forwarder_may_not_refer_nothing_is_forwarded(cast):
    houses, old = cast.institutions, referral_at("submitted", cast)
    Relation.objects.filter(sender=houses.hospital, receiver=houses.tcm).update(active=False)
    assert pointers(lambda: step("forward", old, cast)) == ["/receiver"]


def test_nor_back_to_who_sent_it(cast):
    old, home = referral_at("submitted", cast), cast.departments.general_chengguan
    assert pointers(lambda: step("forward", old, cast, receiver=home.institution, department=home)) == ["/receiver"]


def test_and_is_asked_for_however_often_it_is_edited(cast):
    new = step("forward", referral_at("submitted", cast, consent=SHARED_WITH_NOBODY), cast)
    due = new.deadline
    assert (new.status, new.look_at) == ("draft", due)
    change_draft(new, actor=cast.actors.township_doctor, history="等床期间加重")
    assert (again(new).look_at, again(new).deadline) == (due, due)


def test_but_an_ambulance_goes_where_it_must_and_the_paper_waits(cast):
    houses, old = cast.institutions, referral_at("in_transit", cast, urgency="emergency")
    Relation.objects.filter(sender=houses.chengguan, receiver=houses.tcm).update(active=False)
    new = again(step("divert", old, cast))
    assert (new.status, new.hand_institution, new.deadline) == ("draft", houses.chengguan, MOMENT)
    assert "草稿" in told_of(old)


def test_forwarded_is_not_reviewed_again(cast):
    old = referral_at("submitted", cast, sender=cast.institutions.hekou)
    assert again(step("forward", old, cast)).status == "submitted"


def test_on_the_green_channel_the_other_hospital_has_agreed(cast):
    old = referral_at("submitted", cast, consent=None, **GREEN)
    assert pointers(lambda: step("forward", old, cast)) == ["/agreed_by"]
    new = again(step("forward", old, cast, agreed_by="县中医院 急诊科 林医生"))
    assert (new.status, new.green_channel, new.consent) == ("submitted", "chest_pain", None)
    assert new.completion_due is not None


def test_to_oneself_is_no_forwarding(cast):
    """Not to the house it is in, and not back to the sender."""
    old = referral_at("submitted", cast)
    for department in (cast.departments.neurology, cast.departments.general_chengguan):
        facts = {"receiver": department.institution, "department": department}
        assert pointers(lambda facts=facts: step("forward", old, cast, **facts)) == ["/receiver"]


def test_a_foreign_department_forwards_nothing(cast):
    old = referral_at("submitted", cast)
    facts = {"receiver": cast.institutions.tcm, "department": cast.departments.neurology}
    assert pointers(lambda: step("forward", old, cast, **facts)) == ["/department"]


def test_diverted_on_the_way_gives_the_place_back(cast):
    old = step("dispatch", referral_at("scheduled", cast), cast)
    assert len(taken()) == 1
    new = again(step("divert", old, cast))
    check_pair(again(old), new, cast, link="divert", status="submitted")
    assert taken() == places_held() == {}


def test_who_turned_back_has_given_up_the_place(cast):
    referral = step("dispatch", referral_at("scheduled", cast), cast)
    step("turn_back", referral, cast)
    assert (referral.status, referral.dispatched_at) == ("accepted", None)
    assert taken() == places_held() == {}


# --- back down --------------------------------------------------------------------------------------------------------


def test_the_way_back_is_opened_once(cast):
    up = referral_at("concluded", cast)
    down = step("refer_back", up, cast)
    before = everything()
    with pytest.raises(Conflict) as refused:
        step("refer_back", again(up), cast)
    assert down.number in str(refused.value.detail)
    assert everything() == before
    step("discard", down, cast)
    assert step("refer_back", again(up), cast).number != down.number


def test_the_way_back_carries_what_the_stay_found(cast):
    up = referral_at("concluded", cast)
    down = again(step("refer_back", up, cast))
    summary = up.summary
    assert (down.sender, down.receiver, down.direction) == (up.receiver, up.sender, "down")
    assert (down.department, down.sender_department) == (up.sender_department, cast.departments.cardiology)
    assert (down.treatment, down.plan, down.follow_up_on) == (summary.treatment, summary.advice, summary.follow_up_on)
    assert (down.diagnoses, down.allergies, down.patient) == (summary.diagnoses, up.allergies, up.patient)
    assert (down.kind, down.urgency, down.consent) == ("follow_up", "routine", None)


def test_there_is_no_way_back_for_the_dead(cast):
    up = step("conclude", referral_at("arrived", cast), cast, outcome="died", follow_up_on=None)
    with pytest.raises(Refused) as refused:
        step("refer_back", up, cast)
    assert refused.value.code == "died"
    facts = {"follow_up_on": datetime(2026, 3, 20, tzinfo=ZONE).date()}
    assert pointers(lambda: step("acknowledge", again(up), cast, **facts)) == ["/follow_up_on"]
    assert step("acknowledge", again(up), cast).status == "closed"


def test_nobody_writes_the_letter_of_a_house_on_the_telephone(cast):
    up = referral_at("arrived", cast, receiver=cast.institutions.clinic, direction="down")
    before = everything()
    with pytest.raises(Forbidden) as refused:
        step("refer_back", up, cast)
    assert refused.value.code == "spoken_for"
    assert everything() == before


# --- again after a refusal --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["rejected", "expired"])
def test_a_resubmission_settles_what_it_answers(cast, status):
    old = referral_at(status, cast)
    new = step("resubmit", old, cast, remark="已补充冠脉 CT")
    assert (again(old).status, again(new).status) == (status, "draft")
    assert (new.parent, new.journey, new.link, new.history) == (old, old.journey, "resubmit", old.history)
    change_draft(new, actor=cast.actors.township_doctor, consent=CONTENT["consent"])
    step("submit", again(new), cast)
    old = again(old)
    assert (old.status, events_of(old)[-1]) == ("settled", "settled")
    last = old.steps.order_by("-pk").first()
    assert (last.verb, last.facts) == ("settle", {"outcome": "re_referred", "number": new.number})


def test_it_says_what_changed_where_it_is_read(cast):
    new = step("resubmit", referral_at("rejected", cast), cast)
    changed = {"history": "补查冠脉 CT：前降支狭窄", "preferred_from": MOMENT.date(), "preferred_to": MOMENT.date()}
    change_draft(new, actor=cast.actors.township_doctor, consent=CONTENT["consent"], **changed)
    step("submit", again(new), cast)
    assert new.steps.get(verb="submit").facts == {"changed": ["history", "preferred_from", "preferred_to"]}
    page = cast.browser("core_desk").get(f"/referrals/{new.number}/").context["story"]
    assert page.entries[-1].facts == [("与原单相比改动", "主要现病史、期望就诊时间")]


def test_the_same_again_says_nothing_of_the_kind(cast):
    new = step("resubmit", referral_at("rejected", cast), cast)
    change_draft(new, actor=cast.actors.township_doctor, consent=CONTENT["consent"])
    step("submit", again(new), cast)
    assert new.steps.get(verb="submit").facts.get("changed", []) == []


def test_settled_by_hand_meanwhile_is_settled(cast):
    old = referral_at("rejected", cast)
    new = step("resubmit", old, cast)
    step("settle", again(old), cast)
    change_draft(new, actor=cast.actors.township_doctor, consent=CONTENT["consent"])
    assert step("submit", again(new), cast).status == "submitted"
    assert events_of(old, "settled") == ["settled"]


def test_a_double_click_resubmits_once(cast):
    old = referral_at("rejected", cast)
    new = step("resubmit", old, cast)
    before = everything()
    with pytest.raises(Conflict) as refused:
        step("resubmit", again(old), cast)
    assert new.number in str(refused.value.detail)
    assert everything() == before
    step("discard", new, cast)
    step("resubmit", again(old), cast)


# --- nobody is dropped on the way -------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast):
    """Forwarded without a consent that covers it: a draft of the sender, whose patient was not taken."""
    return again(step("forward", referral_at("submitted", cast, consent=SHARED_WITH_NOBODY), cast))


def test_a_draft_whose_patient_is_under_way_is_due(cast, waiting, clock):
    assert (waiting.deadline, waiting.look_at) == (NEXT_DAY, NEXT_DAY)
    clock.move_to(NEXT_DAY)
    assert tick() == ["reminded"]
    clock.shift(timedelta(days=60))
    assert tick() == []
    assert again(waiting).status == "draft"


def test_and_is_not_deleted_without_a_word_about_him(cast, waiting):
    assert pointers(lambda: step("discard", waiting, cast)) == ["/remark"]
    assert step("discard", waiting, cast, remark="家属自行送往市医院").status == "withdrawn"


def test_what_stands_in_the_way_home_is_said_before_the_letter_is_written(cast):
    """Another down-referral of the same patient to the same specialty is under way: there is nothing to fill in."""
    up = referral_at("concluded", cast)
    home = step("refer_back", up, cast)
    standing = referral_at("submitted", cast, direction="down", patient=up.patient)
    step("discard", again(home), cast)
    before = everything()
    with pytest.raises(Conflict) as refused:
        step("refer_back", again(up), cast)
    assert (refused.value.code, standing.number in str(refused.value.detail)) == ("duplicate", True)
    assert everything() == before
    step("withdraw", again(standing), cast)
    assert step("refer_back", again(up), cast).status == "draft"
