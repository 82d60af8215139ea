"""Conditions of single moves beyond side, role and status."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from advice.parties import is_of_department
from toolkit.refusals import Forbidden


def of_the_department(inquiry, actor):
    """An answer is that of the department that was asked, not of the house."""
    if is_of_department(inquiry, actor):
        return None
    words = format_lazy(
        _("这个问题问的是{department}，由该科室医生或值班医生答复。"), department=inquiry.department.name
    )
    return Forbidden(words, code="not_of_department")
