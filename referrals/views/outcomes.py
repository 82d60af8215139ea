"""我的转诊结局: what became of the patients I sent. The list is masked; a finding is opened and recorded by itself."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from referrals.forms.filtering import refuse_unknown
from referrals.outcomes import ORDER, PERIODS, USUAL, come_to_something, own_sent, period_of, require_author, tally
from referrals.presenting import open_for
from referrals.resolving import find_referral
from referrals.showing.outcomes import OutcomeRow, compared, tally_words
from referrals.showing.sheet import medication_rows
from referrals.views.loading import for_page
from toolkit.keyset import page
from toolkit.pages.forms import asked
from toolkit.pages.rendering import is_fragment
from toolkit.refusals import Missing

PER_PAGE = 20


@never_cache
@require_safe
def outcomes(request):
    """The list, newest first, with a summary on top."""
    actor = request.actor
    refuse_unknown(request.GET, known=("days", "cursor"))
    chosen = asked(request, "days", USUAL)
    mine = own_sent(actor, period_of(chosen))
    rows = come_to_something(mine).telling_turn_of(actor)
    found = page(rows, order=ORDER, cursor=request.GET.get("cursor"), limit=PER_PAGE)
    context = {"page": found, "rows": [OutcomeRow(each, actor) for each in found.results]}
    if is_fragment(request):
        return render(request, "referrals/parts/outcome_rows.html", context)
    context |= {"periods": PERIODS, "chosen": chosen if chosen in PERIODS else USUAL, "tally": tally_words(tally(mine))}
    return render(request, "referrals/outcomes.html", context)


@never_cache
@require_safe
def outcome(request, number):
    """Impression and finding of one referral side by side, for its author. Writes one access entry."""
    referral = find_referral(request.actor, number, queryset=for_page())
    require_author(referral, request.actor)
    request.viewed_referral = referral
    summary = getattr(referral, "summary", None)
    opened = open_for(referral, request.actor, purpose="outcome", route="GET /referrals/{number}/outcome/")
    if not opened or summary is None or summary.withdrawn_at:
        raise Missing(_("这次转诊还没有回传小结，或小结已撤回。"))
    context = {
        "referral": referral,
        "summary": summary,
        "summary_medications": medication_rows(summary.medications),
        "compared": compared(referral.diagnoses, summary.diagnoses),
        "follow_ups": [step for step in referral.steps.filter(verb="follow_up").order_by("id") if step.facts],
    }
    template = "referrals/parts/outcome.html" if is_fragment(request) else "referrals/outcome.html"
    return render(request, template, context)
