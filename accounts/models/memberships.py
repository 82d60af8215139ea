"""Who works where, in which roles."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from institutions.models import Member


class MembershipQuerySet(models.QuerySet):
    def current(self, on=None):
        """Those in force on a day: begun, not ended (the day of ending no longer counts), user and house active."""
        day = on or timezone.localdate()
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
            started_on__lte=day,
            user__is_active=True,
            institution__active=True,
        )

    def not_over(self, on=None):
        """Those in force and those still to begin, also where the house rests: what they allow, they allow one day."""
        day = on or timezone.localdate()
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def visible_to(self, actor):
        """Colleagues: everybody of the own institution; of the whole consortium for who manages or oversees it."""
        if actor.kind == "system":
            return self
        houses = Q(institution_id=actor.institution_id)
        if actor.may("consortium.manage") or actor.may("referral.oversee"):
            members = Member.objects.current().filter(consortium_id__in=actor.home_ids)
            houses |= Q(institution_id__in=members.values("institution_id"))
        return self.filter(houses)

    def at(self, institution_id: int):
        return self.filter(institution_id=institution_id)

    def with_role(self, *roles: str):
        """Those with at least one of the roles. Reads `role_keys`: JSON containment is not the same on both engines."""
        wanted = Q()
        for role in roles:
            wanted |= Q(role_keys__contains=f" {role} ")
        return self.filter(wanted) if roles else self.none()

    def search(self, text: str):
        """Name containing the text, pinyin or initials beginning with it, user name, or exactly the staff number."""
        keys = text.lower()
        return self.filter(
            Q(user__name__icontains=text)
            | Q(user__name_keys__startswith=keys)
            | Q(user__name_keys__contains=f" {keys}")
            | Q(user__username__startswith=keys)
            | Q(staff_number__iexact=text)
        )

    def in_department(self, department_id: int):
        """Those of the department and those who work for the whole institution."""
        return self.filter(Q(department_id=department_id) | Q(department__isnull=True))


class Membership(models.Model):
    """One person at one institution. `roles` are codes of `accounts.roles.ROLES`.

    Somebody who comes back gets the same row again (unique per user and institution); the trail of
    comings and goings is in the events. `ended_on` is the first day that no longer counts.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(
        "institutions.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    roles = models.JSONField(default=list)
    role_keys = models.CharField(max_length=300, blank=True, editable=False)
    staff_number = models.CharField(max_length=32, blank=True)
    title = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    started_on = models.DateField(default=timezone.localdate)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "institution"], name="accounts_membership_once"),
            models.UniqueConstraint(
                fields=["institution", "staff_number"],
                condition=Q(ended_on__isnull=True) & ~Q(staff_number=""),
                name="accounts_membership_staff_number",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="accounts_membership_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "ended_on"], name="accounts_membership_house"),
        ]

    def __str__(self):
        return f"{self.user} @ {self.institution}"

    def save(self, *args, **kwargs):
        self.role_keys = self.keys_of(self.roles)
        super().save(*args, **kwargs)

    @staticmethod
    def keys_of(roles) -> str:
        """The roles as one searchable text, each between blanks."""
        return "".join(f" {role} " for role in roles)

    @property
    def event_ref(self) -> str:
        return f"membership:{self.pk}"

    @property
    def is_current(self) -> bool:
        day = timezone.localdate()
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)

    @property
    def contact_phone(self) -> str:
        """Where this person is reached in this job."""
        return self.phone or self.user.phone
