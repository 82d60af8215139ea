"""All addresses of the project: pages, REST, tokens, documentation, health."""

from django.urls import include, path

from . import health
from .schema import DocumentationView, SchemaView

handler400 = "toolkit.rest.problems.bad_request"
handler403 = "toolkit.rest.problems.permission_denied"
handler404 = "toolkit.rest.problems.not_found"
handler500 = "toolkit.rest.problems.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/schema/", SchemaView.as_view(), name="api-schema"),
    path("api/docs/", DocumentationView.as_view(), name="api-docs"),
    path("api/v1/", include("consortium.api_urls")),
    path("oauth2/", include("accounts.oauth_urls")),
    path("", include("consortium.page_urls")),
]
