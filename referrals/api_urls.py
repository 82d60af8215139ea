from django.urls import path

from referrals.actions import ACTS
from referrals.api import CodeViewSet, ReferralViewSet
from referrals.api_attachments import PARSED, AsItIs, AttachmentViewSet
from referrals.api_reviews import GreenReviewViewSet
from referrals.api_suggestions import SuggestionViewSet

_listed = {"get": "list", "post": "create"}
_single = {"get": "retrieve", "patch": "partial_update"}

urlpatterns = [
    path("codes/", CodeViewSet.as_view({"get": "list"}), name="api-codes"),
    path("referrals/", ReferralViewSet.as_view(_listed), name="api-referral-list"),
    path("referrals/suggestions/", SuggestionViewSet.as_view({"get": "list"}), name="api-referral-suggestions"),
    path("referrals/<slug:number>/", ReferralViewSet.as_view(_single), name="api-referral-detail"),
    path("referrals/<slug:number>/events/", ReferralViewSet.as_view({"get": "events"}), name="api-referral-events"),
    path(
        "referrals/<slug:number>/review/",
        GreenReviewViewSet.as_view({"get": "list", "post": "create"}),
        name="api-referral-review",
    ),
    path(
        "referrals/<slug:number>/attachments/",
        AttachmentViewSet.as_view({"get": "list", "post": "create"}, **PARSED),
        name="api-attachment-list",
    ),
    path(
        "referrals/<slug:number>/attachments/<int:ordinal>/",
        AttachmentViewSet.as_view({"get": "content"}, content_negotiation_class=AsItIs),
        name="api-attachment-content",
    ),
    path(
        "referrals/<slug:number>/attachments/<int:ordinal>/withdraw/",
        AttachmentViewSet.as_view({"post": "withdraw"}),
        name="api-attachment-withdraw",
    ),
    *(
        path(
            f"referrals/<slug:number>/{verb}/",
            ReferralViewSet.as_view({"post": f"move_{verb}"}),
            name=f"api-referral-{verb}",
        )
        for verb in ACTS
    ),
    path(
        "referrals/<slug:number>/<slug:verb>/",
        ReferralViewSet.as_view({"get": "unknown_move", "post": "unknown_move"}),
        name="api-referral-unknown-move",
    ),
]
