"""The inbox and the bell."""

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from notifications import actions
from notifications.listing import Line, only_known
from notifications.models import InboxMessage
from notifications.unread import newest_urgent, unread
from notifications.wording import link_of, words_of
from toolkit.keyset import page
from toolkit.pages.rendering import is_fragment

PER_PAGE = 30
NEWEST_FIRST = ("-id",)
TOASTED = "toasted"


@never_cache
@require_safe
def inbox(request):
    """The own messages in the present job, newest first."""
    show = only_known(request, ("all", "unread", "urgent"))
    rows = InboxMessage.objects.visible_to(request.actor).select_related("event")
    if show != "all":
        rows = rows.unread() if show == "unread" else rows.filter(urgent=True)
    found = page(rows, order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    count = unread(request.actor)
    context = {"page": found, "lines": [Line(row) for row in found.results], "show": show, "unread": count}
    return render(request, "notifications/inbox.html", context)


@never_cache
@require_safe
def unread_count(request):
    """The number at the bell; an urgent message that this browser has not shown yet pops up once."""
    found = unread(request.actor)
    response = render(request, "notifications/unread.html", {"unread": found})
    if found.newest_urgent > _toasted(request):
        trigger_client_event(response, "toast", {"text": _toast(request.actor, found), "level": "error"})
        _remember_toast(request, response, found.newest_urgent)
    return response


def _toast(actor, found) -> str:
    message = newest_urgent(actor, found)
    words = words_of(message.event, message.notice)
    text = _("%(title)s：%(body)s") % {"title": words.title, "body": words.body} if words.body else words.title
    if message.institution_id == actor.institution_id:
        return text
    return _("（%(institution)s）%(text)s") % {"institution": message.institution.label, "text": text}


def _toasted(request) -> int:
    """The newest urgent message this browser has popped up for this person."""
    user_id, _dot, message_id = request.COOKIES.get(TOASTED, "").partition(".")
    same = user_id == str(request.actor.user_id) and message_id.isascii() and message_id.isdecimal()
    return int(message_id[:18]) if same else 0


def _remember_toast(request, response, message_id: int) -> None:
    response.set_cookie(
        TOASTED,
        f"{request.actor.user_id}.{message_id}",
        max_age=7 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@require_POST
def read(request, pk):
    """Mark one message as read where it stands."""
    message = _own_message(request, pk)
    actions.mark_read(actor=request.actor, message=message)
    if not is_fragment(request):
        return redirect("notifications:inbox")
    context = {"line": Line(message), "unread": unread(request.actor)}
    return render(request, "notifications/message.html", context)


@require_POST
def open_message(request, pk):
    """Mark it as read and go where it leads."""
    message = _own_message(request, pk)
    actions.mark_read(actor=request.actor, message=message)
    return redirect(link_of(message.event, message.notice) or "notifications:inbox")


@require_POST
def read_all(request):
    """Mark as read what the page showed; `upto` is its newest message."""
    upto = request.POST.get("upto", "")
    if upto.isascii() and upto.isdecimal():
        actions.mark_all_read(actor=request.actor, upto=int(upto[:18]))
    return redirect("notifications:inbox")


def _own_message(request, pk):
    return get_object_or_404(InboxMessage.objects.visible_to(request.actor).select_related("event"), pk=pk)
