from django.urls import path

from advice.actions import ACTS
from advice.api import InquiryViewSet
from referrals.api_attachments import PARSED, AsItIs

urlpatterns = [
    path("advice/", InquiryViewSet.as_view({"get": "list", "post": "create"}), name="api-advice-list"),
    path("advice/<slug:number>/", InquiryViewSet.as_view({"get": "retrieve"}), name="api-advice-detail"),
    path(
        "advice/<slug:number>/attachments/",
        InquiryViewSet.as_view({"post": "attach"}, **PARSED),
        name="api-advice-attach",
    ),
    path(
        "advice/<slug:number>/attachments/<int:ordinal>/",
        InquiryViewSet.as_view({"get": "attachment"}, content_negotiation_class=AsItIs),
        name="api-advice-attachment",
    ),
    *(
        path(
            f"advice/<slug:number>/{verb}/",
            InquiryViewSet.as_view({"post": f"move_{verb}"}),
            name=f"api-advice-{verb}",
        )
        for verb in ACTS
    ),
    path(
        "advice/<slug:number>/<slug:verb>/",
        InquiryViewSet.as_view({"get": "unknown_move", "post": "unknown_move"}),
        name="api-advice-unknown-move",
    ),
]
