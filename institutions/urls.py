from django.urls import path

from institutions.views import calendar, capacity, departments, members, profile, relations

app_name = "institutions"

urlpatterns = [
    path("departments/", departments.departments, name="departments"),
    path("departments/add/", departments.add, name="department_add"),
    path("departments/<int:pk>/", departments.change, name="department"),
    path("departments/<int:pk>/opening/", departments.opening, name="department_opening"),
    path("capacity/", capacity.capacity, name="capacity"),
    path("capacity/copy/", capacity.copy_week, name="capacity_copy"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("institution/", profile.profile, name="profile"),
    path("institution/days/", profile.days, name="days"),
    path("institution/days/<int:pk>/clear/", profile.day_clear, name="day_clear"),
    path("relations/", relations.relations, name="relations"),
    path("relations/generate/", relations.generate, name="generate"),
    path("relations/add/", relations.add, name="relation_add"),
    path("relations/<int:pk>/", relations.relation, name="relation"),
    path("relations/<int:pk>/switch/", relations.relation_switch, name="relation_switch"),
    path("members/", members.members, name="members"),
    path("members/new/", members.new, name="new"),
    path("members/admit/", members.admit, name="admit"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/end/", members.member_end, name="member_end"),
    path("consortium/", members.consortium, name="consortium"),
    path("consortium/days/", profile.consortium_days, name="consortium_days"),
]
