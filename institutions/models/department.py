from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models.institution import Institution
from institutions.specialties import SPECIALTIES


class DepartmentQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Departments of the institutions the actor may see."""
        if actor.is_machine:
            return self
        return self.filter(institution_id__in=Institution.objects.visible_to(actor).values("pk"))

    def receiving(self):
        """Open for referrals: in use, taking referrals, at an institution in use."""
        return self.filter(active=True, takes_referrals=True, institution__active=True)


class Department(models.Model):
    """A department of an institution; its specialty is what a referral asks for."""

    institution = models.ForeignKey("institutions.Institution", models.PROTECT, related_name="departments")
    code = models.SlugField(_("科室代码"), max_length=50)
    name = models.CharField(_("科室名称"), max_length=50)
    specialty = models.CharField(_("诊疗科目"), max_length=40)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    takes_referrals = models.BooleanField(_("接收转诊"), default=True)
    active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("科室")
        verbose_name_plural = _("科室")
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="department_code_once"),
        ]
        indexes = [models.Index(fields=["specialty", "institution"], name="department_by_specialty")]

    def __str__(self):
        return self.name

    @property
    def label(self):
        return self.name

    @property
    def event_ref(self):
        return f"department:{self.institution.code}:{self.code}"

    @property
    def specialty_name(self):
        return SPECIALTIES.get(self.specialty, self.specialty)
