"""How one wants to be told."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notifications import actions, sms
from notifications.forms.preferences import PreferenceForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """The own ones; e-mail address and number are the administrator's to change."""
    form = PreferenceForm.filled(request.user, request.POST or None)
    if request.method == "POST" and form.attempt(lambda data: actions.set_preference(actor=request.actor, **data)):
        messages.success(request, _("通知方式已保存"))
        return redirect("notifications:preferences")
    context = {
        "form": form,
        "email": request.user.email,
        "mobile": sms.mobile(request.user.phone),
        "sms_is_on": sms.is_on(),
    }
    return render(request, "notifications/preferences.html", context, status=form.status)
