"""The REST addresses, one include for each part."""

from django.urls import include, path

urlpatterns = [
    path("", include("institutions.api_urls")),
    path("", include("records.api_urls")),
    path("", include("referrals.api_urls")),
    path("", include("advice.api_urls")),
    path("", include("events.api_urls")),
]
