"""What happens because time passed: reminders, the ladder, absence, expiry, tidying of drafts.

`tick` looks at every referral whose `look_at` has come. Each is handled in its own transaction on a
locked row and asked again what is due, so a tick that ran twice does nothing twice.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.actor import clock_actor
from records.actions import lift_end
from referrals import codes, deadlines, limits
from referrals.actions.places import give_place_back
from referrals.actions.ticking import each_due
from referrals.guards import closing_step
from referrals.models import Referral
from referrals.stamps import set_deadline
from referrals.workflow import LIFE
from toolkit.refusals import Refusal, Refused


def tick(limit: int = 500) -> int:
    """Handle what is due now; answers how many referrals were looked at."""
    return each_due(Referral.objects, "look_at", look, limit=limit)


@transaction.atomic
def look(pk: int) -> None:
    """Do what time demands of one referral, and set when to look again."""
    referral = Referral.objects.select_for_update(of=("self",)).select_related("sender", "receiver").get(pk=pk)
    now = timezone.now()
    if referral.look_at is None or referral.look_at > now:
        return
    _HANDLERS[LIFE.states[referral.status].clock](referral, now)


def close_with_return(referral, down) -> None:
    """Its down-referral has arrived: the up-referral is closed by the clock."""
    with LIFE.moving(referral, "close", actor=clock_actor(), number=down.number):
        pass


def press_for_summary(referral, down) -> None:
    """Its down-referral has arrived before it was concluded: the stay is over, and the summary due within a day.

    Once for each down-referral, however often it arrives.
    """
    if any(step.facts.get("number") == down.number for step in referral.steps.filter(verb="press_summary")):
        return
    with LIFE.moving(referral, "press_summary", actor=clock_actor(), number=down.number) as passage:
        passage.facts["event_facts"] = {"linked": down.number}
        due = passage.recorded_at + limits.SUMMARY_DUE
        set_deadline(passage.subject, min(due, passage.subject.deadline or due))


def reopen_answered(down) -> None:
    """The arrival of `down` is undone: the up-referral it closed waits for the sender's signature again.

    Refused where that cannot be: half a journey must not be undone.
    """
    up = down.parent if down.link == "refer_back" else None
    closed = closing_step(up) if up and up.status == "closed" else None
    if closed is None or closed.facts.get("number", down.number) != down.number:
        return
    try:
        with LIFE.moving(up, "reopen", actor=clock_actor(), number=down.number) as passage:
            passage.facts["event_facts"] = {"linked": down.number}
            lift_end(actor=clock_actor(), source=up.event_ref, at=closed.recorded_at + limits.ACCESS_KEPT)
    except (Refusal, IntegrityError) as failure:
        words = _("这次到诊已使上转单 %(number)s 办结，而该单现在不能恢复，因此不能撤销到诊；请联系医联体办公室。")
        raise Refused(words % {"number": up.number}, code="pair_closed") from failure


def _climb(referral, now, then=None) -> None:
    """The ladder: desk → duty line → office. After downtime missed steps collapse into one; `then` is looked anyhow."""
    then = _await(referral, now) or then
    calendar = deadlines.calendar_of(referral)
    reached = limits.rung_reached(referral, deadline=referral.deadline, now=now, calendar=calendar)
    if reached > referral.rung:
        with LIFE.moving(referral, "escalate", actor=clock_actor(), rung=reached) as passage:
            passage.subject.rung = reached
        referral.rung = reached
    rung_at = limits.next_rung_at(referral, deadline=referral.deadline, rung=referral.rung, calendar=calendar)
    _look_again(referral, min(filter(None, (rung_at, then)), default=None))


def _await(referral, now) -> datetime | None:
    """Somebody left before he was accepted: the ladder of the answer must not hide that he does not come.

    Answers when that is asked; from then on the ladder is climbed anew for it.
    """
    alarm = deadlines.arrival_alarm(referral)
    if alarm is None or referral.deadline >= alarm:
        return None
    if alarm > now:
        return alarm
    set_deadline(referral, alarm)
    referral.rung = 0
    referral.save(update_fields=["deadline", "look_at", "turn_at", "rung"])
    return None


def _remind(referral, now) -> None:
    """One reminder to the hand; after that the list shows it as overdue."""
    with LIFE.moving(referral, "remind", actor=clock_actor()):
        pass
    _look_again(referral, None)


def _absence(referral, now) -> None:
    """The morning after, the sender hears; days later it is missed. Before that, an earlier place may be owed."""
    booking = referral.place_held()
    if booking is None:
        _look_again(referral, None)
        return
    morning_after = deadlines.morning_after(booking)
    if now < morning_after and deadlines.is_outgrown(referral, booking):
        _climb(referral, now, then=morning_after)
        return
    missed_at = deadlines.missed_at(booking)
    if now >= missed_at:
        with LIFE.moving(referral, "miss", actor=clock_actor()) as passage:
            give_place_back(passage.subject)
        return
    with LIFE.moving(referral, "notice_absence", actor=clock_actor()):
        pass
    _look_again(referral, missed_at)


def _expire(referral, now) -> None:
    with LIFE.moving(referral, "expire", actor=clock_actor()):
        pass


def _discard(referral, now) -> None:
    """A draft nobody touches is removed; one whose patient was passed on is asked for, and never dropped."""
    if referral.link in codes.PASSED_ON:
        _remind(referral, now)
        return
    kept_until = deadlines.due_of(referral, now=now).look_at
    if kept_until > now:
        _look_again(referral, kept_until)
        return
    with LIFE.moving(referral, "discard", actor=clock_actor()):
        pass


def _look_again(referral, at) -> None:
    floor = timezone.now() + timedelta(seconds=1)
    Referral.objects.filter(pk=referral.pk).update(look_at=max(at, floor) if at else None)


_HANDLERS = {"ladder": _climb, "remind": _remind, "miss": _absence, "expire": _expire, "discard": _discard}
