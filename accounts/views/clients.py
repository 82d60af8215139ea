"""The systems of a house that call the interfaces."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.houses import house_for, query_of
from institutions.scope import require_manager
from toolkit.keyset import page

from .. import actions
from ..forms.clients import ClientForm
from ..idempotency import location_once
from ..models import ApiClient
from ..shown_once import keep, take

PER_PAGE = 30
NEWEST_FIRST = ("-id",)


@never_cache
@require_safe
def clients(request):
    house = house_for(request)
    rows = ApiClient.objects.visible_to(request.actor).filter(institution=house.institution)
    found = page(rows, order=NEWEST_FIRST, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    return render(request, "accounts/clients.html", {"page": found, "now": timezone.now(), **house.context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request):
    """Register one; its secret is shown once, on its page."""
    house = house_for(request)
    form = ClientForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.attempt(
        lambda data: location_once(request, lambda: _register(request, house.institution, data))
    ):
        return redirect(form.result)
    return render(request, "accounts/client_add.html", {"form": form, **house.context}, status=form.status)


def _register(request, institution, data) -> str:
    registered, secret = actions.register_client(actor=request.actor, institution=institution, **data)
    if secret is not None:
        keep(request, registered.event_ref, secret)
    messages.success(request, _("已登记客户端 %(name)s") % {"name": registered.name})
    return reverse("accounts:client", args=[registered.pk])


@never_cache
@require_safe
def client(request, pk):
    found = _client(request, pk)
    words = settings.OAUTH2_PROVIDER["SCOPES"]
    context = {
        "client": found,
        "secret": take(request, found.event_ref),
        "scopes": [(scope, words.get(scope, "")) for scope in found.allowed_scopes],
        "token_url": settings.PUBLIC_URL + "/oauth2/token",
        "house_query": query_of(request.actor, found.institution),
    }
    return render(request, "accounts/client.html", context)


@require_POST
def revoke(request, pk):
    found = _client(request, pk)
    actions.revoke_client(actor=request.actor, client=found)
    messages.success(request, _("客户端 %(name)s 已停用，它的令牌已全部失效") % {"name": found.name})
    return redirect(reverse("accounts:clients") + query_of(request.actor, found.institution))


def _client(request, pk) -> ApiClient:
    """404 to the outsider, 403 to the colleague who does not manage the house."""
    rows = ApiClient.objects.visible_to(request.actor).select_related("institution")
    found = get_object_or_404(rows, pk=pk)
    require_manager(request.actor, found.institution)
    return found
