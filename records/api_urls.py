from django.urls import path

from records.api import PatientViewSet

_listed = {"get": "list", "post": "create"}
_single = {"get": "retrieve", "patch": "partial_update"}

urlpatterns = [
    path("patients/", PatientViewSet.as_view(_listed), name="api-patient-list"),
    path("patients/search/", PatientViewSet.as_view({"post": "search"}), name="api-patient-search"),
    path("patients/<slug:id>/", PatientViewSet.as_view(_single), name="api-patient-detail"),
    path("patients/<slug:id>/reveal/", PatientViewSet.as_view({"post": "reveal"}), name="api-patient-reveal"),
]
