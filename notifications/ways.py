"""Over which channels somebody is told, and which groups hear it, decided when it is told."""

from django.db.models import Q

from notifications import outside, sms
from notifications.models import Delivery, Preference, Robot

Channel = Delivery.Channel
GROUPS = ("desk", "department", "duty_line")
"""Units a house's robots speak to; what one person or the office alone is told stays with them."""


def wishes_of(people) -> dict[int, Preference]:
    """User id → preference of everybody who set one. One query, none for nobody."""
    ids = [person.user_id for person in people]
    return {each.user_id: each for each in Preference.objects.filter(user_id__in=ids)} if ids else {}


def ways_to(user, wishes: Preference, *, urgent: bool, allowed) -> list[str]:
    """E-mail and SMS as the person wants them and can be reached by.

    What presses takes any way there is when none of the wanted ones leads anywhere.
    """
    reachable = [channel for channel in _reachable(user) if channel in allowed]
    wanted = [channel for channel in reachable if wishes.wants(channel, urgent=urgent)]
    return reachable if urgent and not wanted else wanted


def _reachable(user):
    if user.email:
        yield Channel.EMAIL
    if sms.is_on() and sms.mobile(user.phone):
        yield Channel.SMS


def robots_for(audiences) -> list[Robot]:
    """Each robot once: a house's hear everything for its units, a department's what is for the department."""
    heard = Q(pk__in=[])
    for audience in audiences:
        if audience.unit in GROUPS:
            whose = Q(department=None)
            if audience.unit == "department":
                whose |= Q(department_id=audience.department_id)
            heard |= whose & Q(institution_id=audience.institution_id)
    return list(Robot.objects.filter(heard, active=True).order_by("pk")) if len(heard) > 1 else []


def outsiders(audiences) -> list[tuple[int, str, str]]:
    """(institution id, recipient, channel) of those without accounts, where the channel exists at all."""
    known = [(audience, outside.CHANNELS.get(audience.unit)) for audience in audiences]
    return [
        (audience.institution_id, audience.ref, channel)
        for audience, channel in known
        if channel and (channel != Channel.SMS or sms.is_on())
    ]
