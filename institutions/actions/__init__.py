"""The acts of this part; the only code that writes its tables."""

from institutions.actions.booking import book, give_back
from institutions.actions.calendars import clear_calendar_day, set_calendar_day
from institutions.actions.capacity import day_version, publish_capacity
from institutions.actions.capacity_weeks import copy_week, publish_days
from institutions.actions.consortia import (
    admit_member,
    change_consortium,
    change_member,
    end_membership,
    found_consortium,
)
from institutions.actions.departments import add_department, change_department
from institutions.actions.institutions import add_institution, change_institution
from institutions.actions.relations import end_relation, generate_relations, set_relation, set_travel_time

__all__ = [
    "add_department",
    "add_institution",
    "admit_member",
    "book",
    "change_consortium",
    "change_department",
    "change_institution",
    "change_member",
    "clear_calendar_day",
    "copy_week",
    "day_version",
    "end_membership",
    "end_relation",
    "found_consortium",
    "generate_relations",
    "give_back",
    "publish_capacity",
    "publish_days",
    "set_calendar_day",
    "set_relation",
    "set_travel_time",
]
