from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("demo-login/", views.demo_login, name="demo_login"),
    path("logout/", views.sign_out, name="logout"),
    path("memberships/", views.memberships, name="memberships"),
    path("switch/", views.switch, name="switch"),
    path("password/", views.PasswordView.as_view(), name="password"),
    path("language/", views.language, name="language"),
]
