"""Writing down who is told of an event: inbox messages at once, everything else as deliveries still to be made.

Runs inside the errand's transaction, so all of it commits with the errand's done mark or not at all.
"""

from django.db import transaction
from django.utils import timezone

from accounts.actors import actor_for_membership
from events import notices
from events.actor import system_actor
from events.log import record
from institutions.models import Institution
from notifications.actions.delivering import nudge
from notifications.audience import people_of
from notifications.models import Delivery, InboxMessage, Preference
from notifications.notices import UNHEARD
from notifications.outside import CHANNELS
from notifications.ways import outsiders, robots_for, ways_to, wishes_of
from notifications.wording import link_of

Channel, State = Delivery.Channel, Delivery.State
DEFAULTS = Preference()


def tell(event) -> None:
    """Tell everybody the notices of this event name, except whoever caused it."""
    sight = {}
    for notice in notices.notices_for(event.name):
        audiences = notice.audience(event)
        staff = [audience for audience in audiences if audience.unit not in CHANNELS]
        people = _once_each(person for audience in staff for person in people_of(audience))
        others = [person for person in people if person.user_id != event.user_id]
        seeing = [person for person in others if _sees(person, event, sight)]
        _write(event, notice, seeing, [person for person in others if person not in seeing])
        _write_outside(event, notice, audiences)
        if staff and not seeing and len(others) == len(people):
            _unheard(event, notice, staff[0])
    transaction.on_commit(lambda: nudge(event_id=event.pk), robust=True)


def _once_each(people) -> list:
    """One membership per person: who works on both sides is told once, for the side named first."""
    found = {}
    for person in people:
        found.setdefault(person.user_id, person)
    return list(found.values())


def _sees(person, event, sight: dict) -> bool:
    if person.pk not in sight:
        sight[person.pk] = notices.visible(event.subject, actor_for_membership(person))
    return sight[person.pk]


def _write(event, notice, seeing, blind) -> None:
    """The unique constraints make a second telling of the same event harmless."""
    rows = [_delivery(event, notice, person, Channel.INBOX, State.SUPPRESSED) for person in blind]
    if "inbox" in notice.channels:
        messages = [_message(event, notice, person) for person in seeing]
        InboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
        rows += [_delivery(event, notice, person, Channel.INBOX, State.SENT) for person in seeing]
    wishes, urgent = wishes_of(seeing), notice.is_urgent(event)
    for person in seeing:
        wanted = wishes.get(person.user_id) or DEFAULTS
        channels = ways_to(person.user, wanted, urgent=urgent, allowed=notice.channels)
        rows += [_delivery(event, notice, person, channel, State.QUEUED) for channel in channels]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _write_outside(event, notice, audiences) -> None:
    """Patients and groups: they have no account, and their silence alarms nobody."""
    told = outsiders(audiences)
    if Channel.ROBOT in notice.channels:
        told += [(robot.institution_id, robot.event_ref, Channel.ROBOT) for robot in robots_for(audiences)]
    rows = [
        Delivery(institution_id=house, recipient=recipient, channel=channel, event=event, notice=notice.key)
        for house, recipient, channel in told
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _message(event, notice, person) -> InboxMessage:
    return InboxMessage(
        user_id=person.user_id,
        institution_id=person.institution_id,
        event=event,
        notice=notice.key,
        urgent=notice.is_urgent(event),
    )


def _delivery(event, notice, person, channel, state) -> Delivery:
    now = timezone.now()
    return Delivery(
        user_id=person.user_id,
        institution_id=person.institution_id,
        event=event,
        notice=notice.key,
        channel=channel,
        state=state,
        next_at=now,
        sent_at=now if state == State.SENT else None,
        error=Delivery.Why.NOT_VISIBLE if state == State.SUPPRESSED else "",
    )


def _unheard(event, notice, audience) -> None:
    """Nobody was there: the consortium office hears of it, with a number to call. Its own silence ends here."""
    if event.name == UNHEARD:
        return
    house = Institution.objects.get(pk=audience.institution_id)
    record(
        UNHEARD,
        actor=system_actor(),
        subject=event.subject,
        told=event.name,
        notice=notice.key,
        source=event.pk,
        link=link_of(event, notice.key),
        consortium=event.facts.get("consortium"),
        institution=house.pk,
        institution_name=house.label,
        phone=house.desk_phone or house.duty_phone,
    )
