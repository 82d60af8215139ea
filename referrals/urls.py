"""The pages of referrals. Words that are no number come before `<slug:number>`."""

from django.urls import path

from referrals.views import detail, moving, worklists

app_name = "referrals"

urlpatterns = [
    path("referrals/", worklists.my_turn, name="my_turn"),
    path("referrals/incoming/", worklists.incoming, name="incoming"),
    path("referrals/outgoing/", worklists.outgoing, name="outgoing"),
    path("referrals/deferred/", worklists.deferred, name="deferred"),
    path("referrals/search/", worklists.search, name="search"),
    path("referrals/<slug:number>/", detail.detail, name="detail"),
    path("referrals/<slug:number>/reveal/", detail.reveal, name="reveal"),
    path("referrals/<slug:number>/<slug:verb>/", moving.move, name="move"),
]
