"""The pages, one include for each part."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("overview/", views.overview, name="overview"),
    path("overview/rows/", views.overview_rows, name="overview_rows"),
    path("overview/export/", views.overview_export, name="overview_export"),
    path("trail/", views.trail, name="trail"),
    path("", include("accounts.urls")),
    path("", include("institutions.urls")),
    path("", include("records.urls")),
    path("", include("notifications.urls")),
    path("", include("referrals.urls")),
    path("", include("advice.urls")),
]
