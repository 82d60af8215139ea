"""Signing in and out, choosing the job, the own password, the language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import RedirectURLMixin
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from events.log import record

from .. import watching
from ..actions import set_language
from ..forms.signing import LoginForm, PasswordForm
from ..sessions import bare_actor, choose, chosen, demo_user, memberships_of, open_session, remember_language
from ..throttling import hold_back

BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class LoginView(RedirectURLMixin, FormView):
    """User name and password; five failures lock the name for a quarter of an hour (django-axes counts)."""

    form_class = LoginForm
    template_name = "accounts/login.html"
    next_page = settings.LOGIN_REDIRECT_URL

    def dispatch(self, request, *args, **kwargs):
        if request.method == "GET" and request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        user = form.get_user()
        open_session(self.request, user, backend=BACKEND)
        response = watching.end_for_others(self.request, HttpResponseRedirect(self.get_success_url()), user)
        return remember_language(response, user.language)

    def form_invalid(self, form):
        locked = form.locked
        self.request.axes_locked_out = False  # or the axes middleware would put a page of its own in place of ours
        response = self.render_to_response(self.get_context_data(form=form), status=429 if locked else 422)
        if locked:
            response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
        return response

    def get_context_data(self, **kwargs):
        given = self.request.POST or self.request.GET
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url(), "expired": "expired" in given}


@require_POST
def demo_login(request):
    """One click in the demo; anywhere else this address does not exist."""
    if not settings.DEMO:
        raise Http404
    user = demo_user(request.POST.get("username", ""))
    if user is None:
        raise Http404
    logout(request)
    open_session(request, user, backend=BACKEND)
    target = _own_address(request, request.POST.get("next", "")) or resolve_url(settings.LOGIN_REDIRECT_URL)
    return remember_language(watching.end_for_others(request, HttpResponseRedirect(target), user), user.language)


@require_POST
def sign_out(request):
    record("session.closed", actor=bare_actor(request.user, request), subject=request.user)
    logout(request)
    response = redirect(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"storage"'  # drafts kept in this browser, also where its scripts are off
    return watching.end(response)


@never_cache
@require_safe
def memberships(request):
    """The choice of the job to work in; also where somebody without any job is told so."""
    found = memberships_of(request.user)
    context = {"memberships": found, "current": chosen(request.session, found), "next": ""}
    return render(request, "accounts/choose.html", context)


@require_POST
def switch(request):
    """Work in another job of one's own from now on."""
    wanted = request.POST.get("membership", "")
    job = next((each for each in request.memberships or memberships_of(request.user) if str(each.pk) == wanted), None)
    if job is None:
        raise Http404
    choose(request, job)
    messages.success(request, _("您现在以%(institution)s的身份办理") % {"institution": job.institution.label})
    return redirect(_own_address(request, request.POST.get("next", "")) or settings.LOGIN_REDIRECT_URL)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PasswordView(FormView):
    """The own password; also where a first password is replaced."""

    form_class = PasswordForm
    template_name = "accounts/password.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form):
        actor = bare_actor(self.request.user, self.request)
        hold_back("password", actor)  # an unattended screen is no place to guess at leisure
        if not form.act(actor):
            return self.form_invalid(form)
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, _("密码已修改"))
        return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"forced": self.request.user.must_change_password}


@require_POST
def language(request):
    """Another language, for this browser and for the user's next sign-in."""
    wanted = request.POST.get("language", "")
    target = _own_address(request, request.POST.get("next", "")) or reverse("accounts:login")
    response = HttpResponseRedirect(target)
    if wanted not in dict(settings.LANGUAGES) or not check_for_language(wanted):
        return response
    if request.user.is_authenticated:
        set_language(actor=bare_actor(request.user, request), user=request.user, language=wanted)
    return remember_language(response, wanted)


def _own_address(request, target: str) -> str:
    """`target` if it is an address of this site, else ""."""
    own = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if own else ""
