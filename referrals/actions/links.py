"""The patient's link: made, tried, locked, revoked. The token itself is nowhere kept and in no event."""

import logging
import secrets
import string
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.throttling import count_one, is_used_up, rate_of
from events.actor import system_actor
from events.log import record
from referrals.models import PatientLink
from referrals.models.patient_link import LONGEST, is_past
from referrals.parties import is_party, may_read
from referrals.proving import proves
from toolkit.crypto import keyed_hash, keyed_hashes
from toolkit.refusals import Forbidden, Refused, TooMany

ALPHABET = string.ascii_letters + string.digits
LENGTH = 22
"""Of base 62: 131 bits, and short enough for a code on paper and for a short message."""
MOST = {"slip": 12, "sms": 6}
"""Living links of a referral; beyond that the oldest that was never opened goes, else the oldest."""
TRIES = 5
LOCKED = timedelta(hours=1)
LOCKS = 3
"""The third lock closes a link for good."""
UNLINKED = ("void", "died", "withdrawn")
"""No new link is made of these: nobody is to act upon them."""
PURPOSE = "patient link"
ONE, ALL = "patient_link", "patient_links"
"""Throttles of what was tried in vain: from one address, and from everywhere."""

Why = PatientLink.Why
log = logging.getLogger(__name__)


@transaction.atomic
def issue_link(referral, *, actor, made_for: str, message: str = "") -> str:
    """A new secret address of this referral, told once; "" where the platform has none patients could reach.

    Papers that are out stay good, up to `MOST`. The same `message`, tried again, says the same address again: the one
    that failed may have arrived.
    """
    if not settings.PATIENTS_URL or not _may_have_links(referral):
        return ""
    token = _token_of(message) if message else "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))
    address = settings.PATIENTS_URL + reverse("referrals:patient", args=[token])
    if message and PatientLink.objects.filter(token_hash__in=hashes_of(token)).exists():
        return address
    _make_room(referral, made_for)
    link = PatientLink.objects.create(
        referral=referral,
        token_hash=keyed_hash(PURPOSE, token),
        made_for=made_for,
        expires_at=timezone.now() + LONGEST,
    )
    record("link.issued", actor=actor, subject=referral, made_for=made_for, link=link.pk)
    return address


def _token_of(message: str) -> str:
    """As secret as a drawn one to whoever lacks the installation's key: 131 of the 256 bits of a keyed hash."""
    rest, letters = int(keyed_hash(f"{PURPOSE} of a message", message), 16), []
    while len(letters) < LENGTH:
        rest, place = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


@transaction.atomic
def revoke_links(referral, *, actor) -> int:
    """作废患者链接: what was lost or given to the wrong person opens nothing any more. Answers how many it closed."""
    if not (is_party(referral, actor) and may_read(referral, actor)):
        raise Forbidden(_("患者链接由转诊双方作废。"), code="wrong_side")
    actor.require("referral.send")
    closed = close_links(referral, Why.PARTY, actor=actor)
    if not closed:
        raise Refused(_("没有在用的患者链接；重新打印转诊单会生成新的。"), code="no_links")
    return closed


def close_links(referral, why: str, *, actor) -> int:
    """Close every living link that opens the referral, for the acts that end what it was made for."""
    closed = PatientLink.objects.opening(referral).update(revoked_at=timezone.now(), revoked_why=why)
    if closed:
        record("link.revoked", actor=actor, subject=referral, why=str(why), links=closed)
    return closed


def find_link(token: str) -> PatientLink | None:
    """The link of that token if it may be tried now; unknown, old, revoked and locked ones are all None."""
    whole = len(token) == LENGTH and token.isascii() and token.isalnum()
    rows = PatientLink.objects.select_related("referral__patient")
    found = rows.filter(token_hash__in=hashes_of(token)).first() if whole else None
    return found if found and found.is_open(timezone.now()) else None


def hashes_of(token: str) -> list[str]:
    """Under which hashes a token may be known, the current key's first."""
    return keyed_hashes(PURPOSE, token)


@transaction.atomic
def prove(link, answer: str, *, address: str = "", request_id: str = "") -> bool:
    """Judge one answer under the row's lock; the fifth wrong one locks the link, the third lock closes it."""
    mine = PatientLink.objects.select_for_update(of=("self",)).select_related("referral__patient").get(pk=link.pk)
    now = timezone.now()
    if not mine.is_open(now):
        return False
    if proves(mine.referral.patient, answer):
        PatientLink.objects.filter(pk=mine.pk).update(failed=0, opened=F("opened") + 1, opened_at=now)
        return True
    mine.failed += 1
    if mine.failed >= TRIES:
        mine.failed, mine.locks, mine.locked_until = 0, mine.locks + 1, now + LOCKED
        if mine.locks >= LOCKS:
            mine.revoked_at, mine.revoked_why = now, Why.GUESSED
        guard = visitor(address, request_id)
        record("link.locked", actor=guard, subject=mine.referral, link=mine.pk, locks=mine.locks)
    mine.save(update_fields=["failed", "locks", "locked_until", "revoked_at", "revoked_why"])
    return False


def visitor(address: str, request_id: str):
    """Who acts on the patient's page: the platform for somebody nobody has signed in, from this address."""
    return replace(system_actor(), address=address, request_id=request_id)


def hold_back_guessing(address: str) -> None:
    """`TooMany`, whatever is asked for, while this address or all together have tried too much in vain."""
    for scope, who in ((ONE, address), (ALL, "all")):
        seconds = is_used_up(scope, who)
        if seconds:
            raise TooMany(_("现在打开的人太多或输错次数较多，请过几分钟再试，或持单到窗口办理。"), retry_after=seconds)


def note_miss(address: str, request_id: str) -> None:
    """One try in vain: a line in the log, counted; the trail hears once when the measure is full, not of each try."""
    log.warning("a patient's link was tried in vain from %s", address or "-")
    for scope, who in ((ONE, address), (ALL, "all")):
        if count_one(scope, who) == rate_of(scope)[0]:
            record("link.guessed", actor=visitor(address, request_id), subject="link:unknown", scope=scope)


def _may_have_links(referral) -> bool:
    return referral.status not in UNLINKED and not is_past(referral, timezone.now())


def _make_room(referral, made_for: str) -> None:
    """One place for the next one: first goes what nobody has opened, the oldest before the newer."""
    living = PatientLink.objects.living().filter(referral_id=referral.pk, made_for=made_for)
    keys = list(living.order_by(F("opened_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))
    surplus = keys[: max(0, len(keys) - MOST[made_for] + 1)]
    if surplus:
        PatientLink.objects.filter(pk__in=surplus).update(revoked_at=timezone.now(), revoked_why=Why.TOO_MANY)
