from django.urls import path

from notifications.views import deliveries, inbox, preferences, robots

app_name = "notifications"

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/unread/", inbox.unread_count, name="unread"),
    path("inbox/read-all/", inbox.read_all, name="read_all"),
    path("inbox/<int:pk>/read/", inbox.read, name="read"),
    path("inbox/<int:pk>/open/", inbox.open_message, name="open"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/resend/", deliveries.resend_all, name="resend_all"),
    path("deliveries/<int:pk>/resend/", deliveries.resend, name="resend"),
    path("deliveries/errands/", deliveries.errands, name="errands"),
    path("deliveries/errands/<int:pk>/replay/", deliveries.replay, name="replay"),
    path("robots/", robots.robots, name="robots"),
    path("robots/add/", robots.add, name="robot_add"),
    path("robots/<int:pk>/", robots.change, name="robot"),
    path("robots/<int:pk>/last/", robots.last, name="robot_last"),
    path("robots/<int:pk>/test/", robots.test, name="robot_test"),
    path("robots/<int:pk>/switch/", robots.switch, name="robot_switch"),
    path("robots/<int:pk>/remove/", robots.remove, name="robot_remove"),
]
