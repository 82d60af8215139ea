from django.urls import path

from .oauth.views import TokenView

app_name = "oauth2"
urlpatterns = [path("token", TokenView.as_view(), name="token")]
