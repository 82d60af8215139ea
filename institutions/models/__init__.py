from institutions.models.calendar_day import CalendarDay
from institutions.models.capacity import Capacity
from institutions.models.consortium import Consortium, Member
from institutions.models.department import Department
from institutions.models.institution import Institution
from institutions.models.relation import Relation

__all__ = ["CalendarDay", "Capacity", "Consortium", "Department", "Institution", "Member", "Relation"]
