"""Celery entry points."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone
from oauth2_provider.models import get_access_token_model

from .idempotency import KEPT_DAYS
from .models import IdempotentRequest, UsedAssertion


@shared_task
def purge() -> dict:
    """Forget what nobody can ask for any more: old keyed answers, expired tokens and assertions. Returns the counts."""
    now = timezone.now()
    forgotten = {
        "requests": IdempotentRequest.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)),
        "assertions": UsedAssertion.objects.filter(expires_at__lt=now - timedelta(minutes=5)),
        "tokens": get_access_token_model().objects.filter(expires__lt=now - timedelta(days=1)),
    }
    return {name: rows.delete()[0] for name, rows in forgotten.items()}
