"""Celery entry points."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessLog
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from .idempotency import KEPT_DAYS
from .models import IdempotentRequest, UsedAssertion

SIGNING_IN_KEPT = timedelta(days=183)


@shared_task
def purge() -> dict:
    """Forget what nobody can ask for any more: old keyed answers, tokens, assertions and sessions that are over, and
    what django-axes noted of signing in half a year ago. Returns the counts."""
    now = timezone.now()
    forgotten = {
        "requests": IdempotentRequest.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)),
        "assertions": UsedAssertion.objects.filter(expires_at__lt=now - timedelta(minutes=5)),
        "tokens": get_access_token_model().objects.filter(expires__lt=now - timedelta(days=1)),
        "sessions": Session.objects.filter(expire_date__lt=now),
        "failures": AccessAttempt.objects.filter(attempt_time__lt=now - SIGNING_IN_KEPT),
        "sign_ins": AccessLog.objects.filter(attempt_time__lt=now - SIGNING_IN_KEPT),
    }
    return {name: rows.delete()[0] for name, rows in forgotten.items()}
