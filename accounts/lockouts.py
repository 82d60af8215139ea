"""A name locked after too many wrong passwords, written into the trail: once for each lock, not for each try.

The name may be a slip (somebody's password, a patient's number), so only its beginning is kept.
"""

from dataclasses import replace

from axes.signals import user_locked_out
from django.dispatch import receiver

from events.actor import Actor, system_actor
from events.log import record
from toolkit.identifiers.masks import mask_username

from .actors import address_of
from .models import Membership, User

LOCKED = "session.locked"


@receiver(user_locked_out, dispatch_uid="accounts.lockouts")
def note(sender, request, username, **kwargs) -> None:
    """Called at the last failure and at every try while the lock holds; only the failure was counted."""
    if request.axes_failures_since_start is None:
        return
    user = User.objects.filter(username=User.objects.normalize_username(username)).first()
    record(LOCKED, actor=_guard_of(user, request), subject=user or "session:unknown", username=mask_username(username))


def _guard_of(user, request) -> Actor:
    """The platform, at the house whose account it is, so that its auditor finds it."""
    actor = replace(system_actor(), address=address_of(request), request_id=getattr(request, "id", ""))
    job = Membership.objects.current().filter(user=user).select_related("institution").order_by("pk").first()
    return actor.at(job.institution) if user and job else actor
