"""A public page for residents: what the consortium is and how referral works."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from referrals.showing.guide import communities


@require_safe
def guide(request):
    """Open to everybody; public data of institutions only."""
    return render(request, "referrals/guide.html", {"communities": communities()})
