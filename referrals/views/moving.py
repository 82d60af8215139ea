"""Making a move: its form as a page or as a part of the referral's page, and the act.

Typed text is never lost: whatever is refused, the form comes back with it and says what would be right.
"""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.idempotency import location_once
from events.workflow import check_version
from referrals.actions import ACTS, perform
from referrals.forms.moving import MoveForm
from referrals.presenting import open_for
from referrals.resolving import find_referral, next_to_show, resolve
from referrals.showing.moves import DIRECT, ICONS
from referrals.showing.patients import masked_name
from referrals.showing.told import told
from referrals.views.detail import may_write
from referrals.views.loading import for_page
from referrals.workflow import LIFE
from toolkit.pages.rendering import is_fragment
from toolkit.refusals import Malformed, Missing, PreconditionRequired, Refusal, Stale

DETAIL = "referrals:detail"
BACK, VILLAGE = "back", "village"
"""The page a form was opened from: in its address, then in the form."""

CLINICAL = {"conclude"}
"""Forms that propose clinical text: showing one is a look at the record."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request, number, verb):
    """GET: the form of one move. POST: the move, then on to the referral that is to be shown next."""
    referral = find_referral(request.actor, number, queryset=for_page())
    request.viewed_referral = referral
    if verb not in ACTS:
        raise Missing(_("没有这个操作。"))
    return _act(request, referral, verb) if request.method == "POST" else _ask(request, referral, verb)


def _ask(request, referral, verb):
    refusal = LIFE.why_not(referral, verb, request.actor)
    if refusal:
        raise refusal
    return _show(request, MoveForm(verb, referral, request.actor, opened=_is_opened(request, referral, verb)))


def _is_opened(request, referral, verb) -> bool:
    """Whether the form may show what is written on the referral; recorded as a look."""
    route = f"{request.method} /referrals/{{number}}/{verb}/"
    return verb in CLINICAL and open_for(referral, request.actor, purpose=verb, route=route)


def _act(request, referral, verb):
    form = MoveForm(verb, referral, request.actor, request.POST)

    def act() -> str:
        version = _version_of(request, verb)
        check_version(referral, version)
        refusal = LIFE.why_not(referral, verb, request.actor)
        if refusal:
            raise refusal
        facts = resolve(verb, referral, request.actor, form.facts())
        result = perform(verb, referral, actor=request.actor, version=version, **facts)
        shown = next_to_show(request.actor, referral, result)
        return reverse(_page_of(request, shown), args=[shown.number])

    try:
        location = location_once(request, act)
    except Missing:
        raise
    except Refusal as refused:
        return _refused(request, referral, form, refused)
    _tell(request, location, verb)
    return _go(request, location)


def _page_after(request) -> str:
    """Who came from the village doctor's pages stays there."""
    return "referrals:village_journey" if VILLAGE in (request.GET.get(BACK), request.POST.get(BACK)) else DETAIL


def _page_of(request, shown) -> str:
    """The village doctor writes on at once in what was just begun."""
    page = _page_after(request)
    return "referrals:village_edit" if page != DETAIL and shown.status == "draft" else page


def _version_of(request, verb) -> int | None:
    """The version the page showed. A quiet move (claim, comment) needs none: it changes nothing others look at."""
    typed = request.POST.get("version", "")
    if not typed and LIFE.moves[verb].quiet:
        return None
    if not typed:
        raise PreconditionRequired(_("缺少版本号，请从转诊单页面重新打开这个操作。"))
    if not (typed.isascii() and typed.isdecimal()):
        raise Malformed.of("/version", "version", _("版本号应为数字，请从转诊单页面重新打开这个操作。"))
    return int(typed[:18])


def _refused(request, referral, form, refused):
    """The form again with what was typed. After a stale version it carries the new one: the reader has been told."""
    stale = isinstance(refused, Stale)
    if stale:
        referral = find_referral(request.actor, referral.number, queryset=for_page())
        form.referral = request.viewed_referral = referral
    else:
        form.take(refused)
    if _is_opened(request, referral, form.verb):
        form.offer()
    return _show(request, form, status=refused.status, stale=stale)


def _show(request, form, *, status=200, stale=False):
    referral, verb = form.referral, form.verb
    context = {
        "referral": referral,
        "form": form,
        "parts": form.parts(),
        "move": LIFE.moves[verb],
        "icon": ICONS.get(verb, ""),
        "direct": verb in DIRECT,
        "action": reverse("referrals:move", args=[referral.number, verb]),
        "back": reverse(_page_after(request), args=[referral.number]),
        "village": _page_after(request) != DETAIL,
        "stale": stale,
        "closed": LIFE.why_not(referral, verb, request.actor) if stale else None,
        "patient_name": masked_name(referral.patient),
        "to_complete": verb == "submit" and may_write(referral, request.actor),
    }
    template = "referrals/parts/move_form.html" if is_fragment(request) else "referrals/move.html"
    response = render(request, template, context, status=status)
    if status >= 400:
        response["HX-Retarget"], response["HX-Reswap"] = "#move", "innerHTML"
    return response


def _tell(request, location: str, verb: str) -> None:
    """What happened, and what comes next; after a double click said once."""
    number = location.rstrip("/").rsplit("/", 1)[-1]
    shown = find_referral(request.actor, number, queryset=for_page())
    sentence = told(verb, shown, request.actor)
    waiting = messages.get_messages(request)
    if sentence not in [str(each) for each in waiting]:
        messages.success(request, sentence)
    waiting.used = False  # looking at them must not take them away


def _go(request, location: str):
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": location})
    return HttpResponseRedirect(location)
