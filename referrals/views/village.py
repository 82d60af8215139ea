"""The village doctor's pages on the phone: three buttons, where my patients are, who has come back."""

from django.db.models import FilteredRelation, Q
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.models import Institution
from referrals.forms.defaults import follow_up_day
from referrals.models import Referral
from referrals.parties import may_read
from referrals.presenting import open_for
from referrals.resolving import find_referral
from referrals.showing.houses import Calls, lines_of
from referrals.showing.patients import card_of
from referrals.showing.sheet import medication_rows
from referrals.showing.village import declined_on, elsewhere_of, said_on, where_of
from referrals.views.loading import for_page
from referrals.workflow import LIFE
from toolkit.keyset import page
from toolkit.words import listed

PER_PAGE = 15
MOST_COUNTED = 99
NEWEST_FIRST = ("-created_at", "-id")
DUE_FIRST = ("turn_at", "id")
COMING = ("submitted", "accepted", "scheduled", "in_transit", "arrived")
OFFERED = ("dispatch", "resubmit", "settle")
TO_READ = ("concluded", "following_up")


@never_cache
@require_safe
def home(request):
    """Three buttons; two of them say how much waits."""
    request.actor.require("referral.write")
    mine = Referral.objects.visible_to(request.actor).turn_of(request.actor).order_by()
    waiting = list(mine.values_list("sender_id", "status")[: MOST_COUNTED + 1])
    sent = sum(sender == request.actor.institution_id and status not in TO_READ for sender, status in waiting)
    context = {"sent": sent, "back": len(waiting) - sent}
    return render(request, "referrals/village/home.html", context)


@never_cache
@require_safe
def sent(request):
    """Where my patients are: this clinic's, newest first; of a journey that went on only where it is now."""
    request.actor.require("referral.write")
    rows = _rows(request.actor).sent_by(request.actor.institution_id)
    rows = rows.exclude(status="forwarded").exclude(status="withdrawn", submitted_at=None)
    found = page(rows, order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    return render(request, "referrals/village/sent.html", {"page": found, "rows": _lines(found, request.actor)})


@never_cache
@require_safe
def back(request):
    """Who has come back: sent down to us, seen to the end and to be read, to be visited. Two lists, each by its day."""
    request.actor.require("referral.write")
    rows, house = _rows(request.actor), request.actor.institution_id
    lists = {
        "coming": rows.received_by(house).filter(status__in=COMING),
        "to_read": rows.sent_by(house).filter(status__in=TO_READ),
    }
    part, cursor = request.GET.get("part"), request.GET.get("cursor")
    context = {"part": part if part in lists else "", "parts": []}
    for name, found in lists.items():
        if part not in lists or part == name:
            listed = page(found, order=DUE_FIRST, cursor=cursor if part == name else None, limit=PER_PAGE)
            context["parts"].append({"name": name, "page": listed, "rows": _lines(listed, request.actor)})
    return render(request, "referrals/village/back.html", context)


@never_cache
@require_safe
def journey(request, number):
    """The whole journey in plain words, and what is to be done now. Writes one access entry."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.actor.require("referral.write")
    request.viewed_referral = referral
    opened = open_for(referral, request.actor, purpose="referral", route="GET /village/{number}/")
    legs = _whole_journey(referral, request.actor)
    told = {"said": said_on(legs), "declined": declined_on(legs)}
    context = {
        "referral": referral,
        "opened": opened,
        "patient": card_of(referral, request.actor, opened=opened),
        "legs": [_leg(leg, request.actor, opened, told) | {"open": _open(leg, legs, request.actor)} for leg in legs],
        "elsewhere": elsewhere_of(referral, request.actor, legs),
    }
    return render(request, "referrals/village/journey.html", context)


def _rows(actor):
    """What a line shows, in one statement."""
    rows = Referral.objects.visible_to(actor).as_rows().telling_turn_of(actor).select_related("parent__receiver")
    return rows.annotate(held=FilteredRelation("bookings", condition=Q(bookings__given_back_at=None))).select_related(
        "held__capacity"
    )


def _lines(found, actor) -> list:
    houses = {row.receiver_id: row.receiver for row in found.results}
    Institution.prepare_calendars(houses.values())
    for row in found.results:
        row.receiver = houses[row.receiver_id]
    return [where_of(row, actor) for row in found.results]


def _whole_journey(referral, actor) -> list[Referral]:
    rows = for_page().select_related("parent__receiver").visible_to(actor).telling_turn_of(actor)
    return list(rows.filter(journey=referral.journey).order_by("-id"))


def _open(leg, legs, actor) -> set[str]:
    """Of the moves this page offers by their own button, those open to the reader; one linked letter at a time."""
    open_now = {verb for verb in OFFERED if LIFE.why_not(leg, verb, actor) is None}
    again = any(each.parent_id == leg.pk and each.link == "resubmit" and each.is_live for each in legs)
    return open_now - {"resubmit"} if again else open_now


def _leg(leg, actor, opened: bool, told: dict) -> dict:
    """One leg: the sentence, the appointment, the numbers, what came back, and what was `told` about it."""
    came = leg.receiver_id == actor.institution_id
    other, room = (leg.sender, None) if came else (leg.receiver, leg.department)
    where = where_of(leg, actor)
    summary = getattr(leg, "summary", None)
    opened = opened and may_read(leg, actor)
    summary = summary if opened and summary and not summary.withdrawn_at else None
    return {
        "where": where,
        "came": came,
        "opened": opened,
        **{name: by_leg.get(leg.pk) if opened else None for name, by_leg in told.items()},
        "booking": getattr(leg, "held", None),
        "calls": Calls(other.label, lines_of(other, room, at_once=leg.is_emergency or bool(where.note)), where.note)
        if leg.is_live
        else None,
        "summary": summary,
        "found": listed(row["text"] for row in summary.diagnoses) if summary else "",
        "medications": medication_rows(_medications(leg, summary, came, opened)),
        "plan": leg.plan if came and opened else "",
        "follow_up_day": follow_up_day(leg) if leg.status == "concluded" and not came else None,
    }


def _medications(leg, summary, came: bool, opened: bool) -> list:
    if came:
        return leg.medications if opened else []
    return summary.medications if summary else []
