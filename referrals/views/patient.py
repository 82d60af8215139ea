"""The patient's own pages behind his link: one question, then where, when, what to bring, and what he may say."""

from django.shortcuts import redirect, render

from accounts.actors import address_of
from referrals.actions import patient_words
from referrals.actions.links import find_link, note_miss, prove
from referrals.forms.patient import DeclineForm, ProofForm, RatingForm
from referrals.models import PatientRating
from referrals.models.patient_link import QUESTIONS
from referrals.showing.patient_looks import looks_at
from referrals.showing.patient_page import page_of
from referrals.views.patient_door import closed, forget, home_of, remember, through_the_door
from toolkit.pages.forms import posted


def _ask(request, token):
    """Nothing is shown before the answer, not even the house."""
    form = ProofForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        origin = {"address": address_of(request), "request_id": getattr(request, "id", "")}
        if prove(request.link, form.cleaned_data["answer"], **origin):
            return remember(redirect(home_of(token)), request.link, token)
        note_miss(**origin)
        if find_link(token) is None:
            return closed(request)
        return render(request, "referrals/patient/question.html", {"form": ProofForm(), "wrong": True}, status=422)
    status = 422 if request.method == "POST" else 200
    return render(request, "referrals/patient/question.html", {"form": form}, status=status)


@through_the_door("GET", "HEAD", "POST", ask=_ask)
def page(request, token):
    if request.method == "POST":  # the question answered twice
        return redirect(home_of(token))
    context = {"token": token, "page": page_of(request.referral), "referral": request.referral}
    return render(request, "referrals/patient/page.html", context)


@through_the_door("GET", "HEAD", "POST")
def decline(request, token):
    """我不能来了."""
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(
        lambda data: patient_words.decline(request.referral, actor=request.visitor, **data)
    ):
        return redirect(home_of(token))
    return render(request, "referrals/patient/decline.html", {"token": token, "form": form}, status=form.status)


@through_the_door("POST")
def come(request, token):
    """The word is taken back."""
    patient_words.come_after_all(request.referral, actor=request.visitor)
    return redirect(home_of(token))


@through_the_door("GET", "HEAD", "POST")
def rating(request, token):
    """Three questions after the end; what was answered comes back to be changed."""
    given = PatientRating.objects.filter(referral=request.referral).first()
    before = {name: getattr(given, name) for name in (*QUESTIONS, "text")} if given else None
    form = RatingForm(request.POST if request.method == "POST" else None, initial=before)
    if request.method == "POST" and form.attempt(
        lambda data: patient_words.rate(request.referral, actor=request.visitor, **data)
    ):
        return redirect(home_of(token))
    return render(request, "referrals/patient/rating.html", {"token": token, "form": form}, status=form.status)


@through_the_door("GET", "HEAD")
def looked(request, token):
    """谁看过我的资料."""
    found, lines = looks_at(request.referral, request.GET.get("cursor"))
    return render(request, "referrals/patient/looked.html", {"token": token, "page": found, "lines": lines})


@through_the_door("POST")
def messages(request, token):
    """Short messages wanted or not."""
    wanted = posted(request, "wanted") == "yes"
    patient_words.choose_sms(request.referral, actor=request.visitor, wanted=wanted)
    return redirect(home_of(token))


@through_the_door("POST")
def leave(request, token):
    """A borrowed telephone forgets."""
    return forget(redirect(home_of(token)), token)
