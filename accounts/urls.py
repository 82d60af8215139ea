from django.urls import path

from . import views
from .views import clients, duty, staff

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("demo-login/", views.demo_login, name="demo_login"),
    path("logout/", views.sign_out, name="logout"),
    path("memberships/", views.memberships, name="memberships"),
    path("switch/", views.switch, name="switch"),
    path("password/", views.PasswordView.as_view(), name="password"),
    path("language/", views.language, name="language"),
    path("staff/", staff.staff, name="staff"),
    path("staff/roles/", staff.roles, name="roles"),
    path("staff/add/", staff.add, name="staff_add"),
    path("staff/join/", staff.join, name="staff_join"),
    path("staff/<int:pk>/", staff.member, name="member"),
    path("staff/<int:pk>/person/", staff.person, name="person"),
    path("staff/<int:pk>/password/", staff.password, name="member_password"),
    path("staff/<int:pk>/leave/", staff.leave, name="member_leave"),
    path("duty/", duty.duty, name="duty"),
    path("duty/copy/", duty.copy, name="duty_copy"),
    path("duty/<int:pk>/remove/", duty.remove, name="shift_remove"),
    path("clients/", clients.clients, name="clients"),
    path("clients/add/", clients.add, name="client_add"),
    path("clients/<int:pk>/", clients.client, name="client"),
    path("clients/<int:pk>/revoke/", clients.revoke, name="client_revoke"),
]
