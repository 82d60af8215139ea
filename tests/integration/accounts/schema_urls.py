"""The small resource alone, as the document generator wants it."""

from django.urls import path

from .urls import DeedViewSet

urlpatterns = [path("api/v1/deeds/", DeedViewSet.as_view({"get": "list", "post": "create"}))]
