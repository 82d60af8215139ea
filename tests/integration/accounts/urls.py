"""The project's addresses with a small resource beside them, to see the REST ground without any domain on it."""

from django.db import transaction
from django.urls import include, path
from rest_framework.response import Response

from accounts.rest import ActorViewSet
from events.log import record
from institutions.models import Institution
from toolkit.refusals import Refused


class DeedViewSet(ActorViewSet):
    """POST records one event; {"refuse": true} is refused after the event was written."""

    scope_app = "referrals"
    reading_actions = ("look",)
    queryset = Institution.objects.none()
    filter_backends = ()

    def list(self, request):
        actor = self.actor
        return Response(
            {
                "kind": actor.kind,
                "institution": actor.institution_code,
                "roles": sorted(actor.roles),
                "user": actor.user_id,
                "staff_number": actor.staff_number,
                "request_id": actor.request_id,
            }
        )

    @transaction.atomic
    def create(self, request):
        event = record("deed.done", actor=self.actor, subject="deed:1", word=request.data.get("word"))
        if request.data.get("refuse"):
            raise Refused.of("/refuse", "refused", "no")
        return self.answer({"event": event.pk}, status=201, version=3, location="/api/v1/deeds/1/")

    def look(self, request):
        self.actor.require("referral.review")
        return Response({"seen": True})


deeds = DeedViewSet.as_view({"get": "list", "post": "create"})
urlpatterns = [
    path("api/v1/deeds/", deeds, name="deeds"),
    path("api/v1/deeds/look/", DeedViewSet.as_view({"post": "look"})),
    path("", include("consortium.urls")),
]
