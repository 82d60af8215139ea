"""Grounds to open a person's record: written by the act that creates them, ended by the act that ends them.

No permission is asked here: the act that calls has asked for its own.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from events.log import record
from records.models import AccessGrant, Person


@transaction.atomic
def grant_access(*, actor, institution, person: Person, basis: str, source: str, valid_to=None) -> AccessGrant:
    """Give `institution` a ground to see `person`; `source` names it, for instance a referral number.

    Idempotent per institution, person, basis and source: an open grant is kept and takes over `valid_to`.
    """
    known = _open_one(institution, person, basis, source)
    if known is None:
        try:
            with transaction.atomic():
                known = AccessGrant.objects.create(
                    institution=institution, person=person, basis=basis, source=source, valid_to=valid_to
                )
        except IntegrityError:
            # granted by somebody else in this moment
            known = _open_one(institution, person, basis, source)
            if known is None:
                raise
        else:
            _note("access.granted", actor, known)
    if known.valid_to != valid_to:
        known.valid_to = valid_to
        known.save(update_fields=["valid_to"])
        _note("access.granted", actor, known)
    return known


@transaction.atomic
def end_access(*, actor, source: str, at: datetime | None = None, institution=None) -> int:
    """End every open grant of this source (of one institution, if named) at `at`, by default now.

    A time to come lets the grants run until then. Returns how many were ended.
    """
    now = timezone.now()
    grants = AccessGrant.objects.filter(source=source, withdrawn_at__isnull=True)
    if institution is not None:
        grants = grants.filter(institution=institution)
    if at is not None and at > now:
        grants = grants.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    ended = list(grants.select_related("institution", "person").select_for_update(of=("self",)))
    changed = AccessGrant.objects.filter(pk__in=[grant.pk for grant in ended])
    if at is not None and at > now:
        changed.update(valid_to=at)
    else:
        changed.update(withdrawn_at=Greatest(F("valid_from"), at or now))
    for grant in ended:
        _note("access.ended", actor, grant, at=(at or now).isoformat())
    return len(ended)


@transaction.atomic
def lift_end(*, actor, source: str, at: datetime) -> int:
    """Let the grants of this source which `end_access` had given the end `at` run on. Returns how many did."""
    grants = AccessGrant.objects.filter(source=source, withdrawn_at__isnull=True, valid_to=at)
    lifted = list(grants.select_related("institution", "person").select_for_update(of=("self",)))
    AccessGrant.objects.filter(pk__in=[grant.pk for grant in lifted]).update(valid_to=None)
    for grant in lifted:
        _note("access.granted", actor, grant)
    return len(lifted)


def move_grants(*, actor, person: Person, to: Person) -> None:
    """Everything that could be seen of an unknown person can be seen of the one he turned out to be."""
    now = timezone.now()
    for grant in AccessGrant.objects.live(now).filter(person=person).select_related("institution"):
        AccessGrant.objects.filter(pk=grant.pk).update(withdrawn_at=now)
        grant_access(
            actor=actor,
            institution=grant.institution,
            person=to,
            basis=grant.basis,
            source=grant.source,
            valid_to=grant.valid_to,
        )


def _open_one(institution, person: Person, basis: str, source: str) -> AccessGrant | None:
    """The open grant, if there is one; one whose time has run out is closed at its own end."""
    same = AccessGrant.objects.select_for_update().filter(
        institution=institution, person=person, basis=basis, source=source, withdrawn_at__isnull=True
    )
    grant = same.first()
    if grant and grant.valid_to and grant.valid_to <= timezone.now():
        AccessGrant.objects.filter(pk=grant.pk).update(withdrawn_at=grant.valid_to)
        return None
    return grant


def _note(name: str, actor, grant: AccessGrant, **facts) -> None:
    record(
        name,
        actor=actor,
        subject=grant,
        institution=grant.institution.code,
        person=str(grant.person.uuid),
        basis=grant.basis,
        source=grant.source,
        **facts,
    )
