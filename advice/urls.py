"""The pages of advice before referral. Words that are no number come before `<slug:number>`."""

from django.urls import path

from advice.views import asking, attachments, lists, thread

app_name = "advice"

urlpatterns = [
    path("advice/", lists.inquiries, {"box": "my_turn"}, name="my_turn"),
    path("advice/count/", lists.count, name="count"),
    path("advice/asked/", lists.inquiries, {"box": "asked"}, name="asked"),
    path("advice/received/", lists.inquiries, {"box": "received"}, name="received"),
    path("advice/overseen/", lists.inquiries, {"box": "overseen"}, name="overseen"),
    path("advice/new/", asking.new, name="new"),
    path("advice/<slug:number>/", thread.detail, name="detail"),
    path("advice/<slug:number>/convert/", thread.convert, name="convert"),
    path("advice/<slug:number>/attachments/", attachments.attach, name="attach"),
    path("advice/<slug:number>/attachments/<int:ordinal>/", attachments.content, name="attachment"),
    path("advice/<slug:number>/attachments/<int:ordinal>/withdraw/", attachments.withdraw, name="attachment_withdraw"),
    path("advice/<slug:number>/<slug:verb>/", thread.act, name="act"),
]
