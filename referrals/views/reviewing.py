"""The office's page for one use of the green channel: its times against the limits, and what the office found."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.idempotency import location_once
from referrals.actions import review_green
from referrals.actions.reviewing import latest_review, why_not_reviewed
from referrals.forms.reviewing import ReviewForm
from referrals.resolving import find_referral
from referrals.showing.patients import card_of
from referrals.showing.times import checks_of, confirmations_of, strip_of
from referrals.views.loading import for_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, number):
    """The patient stays masked: whether the channel was needed is judged by its times and by asking both sides."""
    referral = find_referral(request.actor, number, queryset=for_page())
    refusal = why_not_reviewed(referral, request.actor)
    if refusal:
        raise refusal
    last = latest_review(referral)
    form = ReviewForm(request.POST or None, referral=referral, last=last)
    if request.method == "POST" and form.attempt(lambda data: _kept(request, referral, data)):
        messages.success(request, _("评审已登记，双方会收到通知。"))
        return redirect(form.result)
    return render(request, "referrals/review.html", _shown(referral, request, form, last), status=form.status)


def _kept(request, referral, data) -> str:
    def act() -> str:
        review_green(referral, actor=request.actor, **data)
        return reverse("referrals:detail", args=[referral.number])

    return location_once(request, act)


def _shown(referral, request, form, last) -> dict:
    steps = list(referral.steps.order_by("id"))
    return {
        "referral": referral,
        "patient": card_of(referral, request.actor, opened=False),
        "strip": strip_of(referral),
        "checks": checks_of(referral),
        "confirmations": confirmations_of(steps),
        "last": last,
        "form": form,
    }
