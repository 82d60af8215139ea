"""The pages of referrals. Words that are no number come before `<slug:number>`."""

from django.urls import path

from referrals.views import (
    alarm,
    attachments,
    blanks,
    detail,
    identifying,
    limits,
    looking_up,
    moving,
    printing,
    reviewing,
    worklists,
    writing,
)

app_name = "referrals"

urlpatterns = [
    path("referrals/", worklists.worklist, {"box": "my_turn"}, name="my_turn"),
    path("referrals/incoming/", worklists.worklist, {"box": "incoming"}, name="incoming"),
    path("referrals/outgoing/", worklists.worklist, {"box": "outgoing"}, name="outgoing"),
    path("referrals/deferred/", worklists.worklist, {"box": "deferred"}, name="deferred"),
    path("referrals/to-complete/", worklists.worklist, {"box": "to_complete"}, name="to_complete"),
    path("referrals/to-complete/count/", worklists.owed, {"box": "to_complete"}, name="to_complete_count"),
    path("referrals/to-review/", worklists.worklist, {"box": "to_review"}, name="to_review"),
    path("referrals/to-review/count/", worklists.owed, {"box": "to_review"}, name="to_review_count"),
    path("referrals/overseen/", worklists.worklist, {"box": "overseen"}, name="overseen"),
    path("referrals/alarm/", alarm.alarm, name="alarm"),
    path("referrals/search/", worklists.search, name="search"),
    path("referrals/new/", writing.new, name="new"),
    path("referrals/new/autosave/", writing.autosave_new, name="autosave_new"),
    path("referrals/new/patients/", looking_up.search, name="patients"),
    path("referrals/new/patients/choose/", looking_up.choose, name="choose"),
    path("referrals/new/patients/register/", looking_up.register, name="register"),
    path("referrals/new/destinations/", looking_up.destinations, name="destinations"),
    path("referrals/new/standing/", looking_up.what_runs, name="standing"),
    path("referrals/limits/", limits.limits, name="limits"),
    path("referrals/limits/<slug:urgency>/<slug:step>/", limits.limit, name="limit"),
    path("referrals/limits/<slug:urgency>/<slug:step>/reset/", limits.limit_reset, name="limit_reset"),
    path("referrals/blanks/", blanks.blanks, name="blanks"),
    path("referrals/blanks/batch/<uuid:batch>/", blanks.batch, name="blank_batch"),
    path("referrals/blanks/<slug:number>/", blanks.blank, name="blank"),
    path("referrals/blanks/<slug:number>/reprint/", blanks.reprint, name="blank_reprint"),
    path("referrals/blanks/<slug:number>/spoil/", blanks.spoil, name="blank_spoil"),
    path("referrals/<slug:number>/", detail.detail, name="detail"),
    path("referrals/<slug:number>/edit/", writing.edit, name="edit"),
    path("referrals/<slug:number>/autosave/", writing.autosave, name="autosave"),
    path("referrals/<slug:number>/slip/", printing.slip, name="slip"),
    path("referrals/<slug:number>/consent/", printing.consent, name="consent"),
    path("referrals/<slug:number>/reveal/", detail.reveal, name="reveal"),
    path("referrals/<slug:number>/patient/", identifying.identify, name="identify"),
    path("referrals/<slug:number>/attachments/", attachments.attach, name="attach"),
    path("referrals/<slug:number>/attachments/<int:ordinal>/", attachments.content, name="attachment"),
    path(
        "referrals/<slug:number>/attachments/<int:ordinal>/withdraw/", attachments.withdraw, name="attachment_withdraw"
    ),
    path("referrals/<slug:number>/review/", reviewing.review, name="review"),
    path("referrals/<slug:number>/<slug:verb>/", moving.move, name="move"),
]
