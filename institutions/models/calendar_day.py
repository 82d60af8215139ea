from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models.consortium import Member


class CalendarDayQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Days of the institutions and consortia one may see: who sends a patient wants to know when they are open."""
        from institutions.models.institution import Institution  # which needs this module itself

        if actor.is_machine:
            return self
        houses = Institution.objects.visible_to(actor)
        return self.filter(Q(institution__in=houses.values("pk")) | Q(consortium_id__in=actor.consortium_ids))

    def of(self, institution):
        """The days that count for an institution: its own, and those of the consortia it is in now."""
        consortia = Member.objects.current().filter(institution=institution).values("consortium_id")
        return self.filter(Q(institution=institution) | Q(consortium_id__in=consortia))

    def overrides(self, institution_ids):
        """{institution id: {date: working}} for the ids given; an institution's own day wins over its consortium's.

        Two queries however many institutions: their consortia, and the days of both.
        """
        consortia = _consortia_of(institution_ids)
        everyone = {consortium for several in consortia.values() for consortium in several}
        rows = self.filter(Q(institution_id__in=institution_ids) | Q(consortium_id__in=everyone))
        by_owner = {}
        for institution_id, consortium_id, date, working in rows.values_list(
            "institution_id", "consortium_id", "date", "working"
        ):
            owner = ("own", institution_id) if institution_id else ("consortium", consortium_id)
            by_owner.setdefault(owner, {})[date] = working
        return {pk: _merged(by_owner, pk, consortia.get(pk, ())) for pk in institution_ids}


def _consortia_of(institution_ids):
    found = {}
    memberships = Member.objects.current().filter(institution_id__in=institution_ids).order_by("consortium_id")
    for institution_id, consortium_id in memberships.values_list("institution_id", "consortium_id"):
        found.setdefault(institution_id, []).append(consortium_id)
    return found


def _merged(by_owner, institution_id, consortium_ids):
    merged = {}
    for consortium_id in consortium_ids:
        merged |= by_owner.get(("consortium", consortium_id), {})
    return merged | by_owner.get(("own", institution_id), {})


class CalendarDay(models.Model):
    """A day on which a consortium or one institution departs from the national calendar."""

    consortium = models.ForeignKey(
        "institutions.Consortium", models.CASCADE, null=True, blank=True, related_name="calendar_days"
    )
    institution = models.ForeignKey(
        "institutions.Institution", models.CASCADE, null=True, blank=True, related_name="calendar_days"
    )
    date = models.DateField(_("日期"))
    working = models.BooleanField(_("上班"))
    name = models.CharField(_("说明"), max_length=50, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作日历")
        verbose_name_plural = _("工作日历")
        constraints = [
            models.CheckConstraint(
                condition=Q(consortium=None, institution__isnull=False) | Q(consortium__isnull=False, institution=None),
                name="calendar_day_one_owner",
            ),
            models.UniqueConstraint(
                fields=["consortium", "date"], condition=Q(institution=None), name="calendar_day_once_per_consortium"
            ),
            models.UniqueConstraint(
                fields=["institution", "date"], condition=Q(consortium=None), name="calendar_day_once_per_institution"
            ),
        ]

    def __str__(self):
        return f"{self.date} {self.name}"

    @property
    def event_ref(self):
        owner = self.institution or self.consortium
        return f"calendar:{owner.code}:{self.date.isoformat()}"
