"""患者评价: figures of many, for both sides' staff; the patients' own words for the office alone."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.ratings import FEWEST, ratings_for, texts_for


@never_cache
@require_safe
def ratings(request):
    context = {"rows": ratings_for(request.actor), "texts": texts_for(request.actor), "fewest": FEWEST}
    return render(request, "referrals/ratings.html", context)
