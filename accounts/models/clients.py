"""Partner systems that call the interfaces."""

from django.db import models
from django.utils import timezone
from oauth2_provider.models import AbstractApplication

from institutions.models import Member


class ApiClientQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Clients of the own institution; of all members for who manages the consortium."""
        if actor.kind == "system":
            return self
        houses = models.Q(institution_id=actor.institution_id)
        if actor.may("consortium.manage"):
            members = Member.objects.current().filter(consortium_id__in=actor.home_ids)
            houses |= models.Q(institution_id__in=members.values("institution_id"))
        return self.filter(houses)

    def live(self, at=None):
        moment = at or timezone.now()
        return self.filter(ended_at__isnull=True, institution__active=True).filter(
            models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=moment)
        )


class ApiClientManager(models.Manager.from_queryset(ApiClientQuerySet)):
    def get_by_natural_key(self, client_id):
        return self.get(client_id=client_id)


class ApiClient(AbstractApplication):
    """A system of one institution, with the roles and scopes granted to it.

    `jwks` holds public keys (RFC 7517) of clients that sign their token requests; its secret is unusable then.
    """

    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="clients")
    roles = models.JSONField(default=list)
    allowed_scopes = models.JSONField(default=list)
    jwks = models.JSONField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ApiClientManager()

    class Meta(AbstractApplication.Meta):
        ordering = ["id"]

    def is_usable(self, request=None) -> bool:
        """Asked by the token endpoint before it authenticates the client."""
        return self.is_live

    @property
    def is_live(self) -> bool:
        now = timezone.now()
        return self.ended_at is None and (self.expires_at is None or self.expires_at > now)

    @property
    def event_ref(self) -> str:
        return f"client:{self.pk}"


class UsedAssertion(models.Model):
    """A signed token request that was accepted once; kept until it has expired anyway."""

    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="used_assertions")
    jti_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "jti_hash"], name="accounts_assertion_once")]
        indexes = [models.Index(fields=["expires_at"], name="accounts_assertion_expiry")]

    def __str__(self):
        return f"assertion of {self.client_id}"
