from django.urls import path

from institutions.api import CapacityViewSet, DepartmentViewSet, InstitutionViewSet

_listed = {"get": "list", "post": "create"}
_single = {"get": "retrieve", "patch": "partial_update"}

urlpatterns = [
    path("institutions/", InstitutionViewSet.as_view(_listed), name="api-institution-list"),
    path("institutions/<slug:code>/", InstitutionViewSet.as_view(_single), name="api-institution-detail"),
    path("institutions/<slug:code>/departments/", DepartmentViewSet.as_view(_listed), name="api-department-list"),
    path(
        "institutions/<slug:code>/departments/<slug:department>/",
        DepartmentViewSet.as_view(_single),
        name="api-department-detail",
    ),
    path("capacity/", CapacityViewSet.as_view({"get": "list", "put": "publish"}), name="api-capacity"),
]
