"""For machines that watch: alive, ready, metrics. No secrets, no patient data, no login."""

import hmac

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.models import Errand
from events.tasks import HEARTBEAT_KEY
from notifications.models import Delivery


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when this process can do its work, else 503; `checks` says which part is missing."""
    checks = {name: passes(check) for name, check in CHECKS.items()}
    fine = all(checks.values())
    answer = {
        "status": "ok" if fine else "unavailable",
        "checks": {k: "ok" if v else "failed" for k, v in checks.items()},
    }
    return JsonResponse(answer, status=200 if fine else 503)


def passes(check) -> bool:
    try:
        return check()
    except Exception:  # whatever a broken part raises, the answer is the same
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _broker() -> bool:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return True


def _worker() -> bool:
    return cache.get(HEARTBEAT_KEY) is not None  # written every 30 s, forgotten after 120


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS = {"database": _database, "broker": _broker, "worker": _worker, "migrations": _migrations}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text for whoever bears METRICS_TOKEN; without that setting the page does not exist."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    lines = [line for metric in _gauges() for line in metric]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _gauges():
    """The lines of each gauge."""
    errands, deliveries = Errand.objects, Delivery.objects
    undelivered = deliveries.filter(state=Delivery.State.DEAD)
    yield _gauge("consortium_worker_alive", "1 while a worker's heartbeat is fresh.", int(passes(_worker)))
    yield _gauge("consortium_errands_due", "Reactions whose time has come.", errands.due(timezone.now()).count())
    yield _gauge("consortium_errands_dead", "Reactions given up, to be replayed by hand.", errands.dead().count())
    yield _gauge("consortium_deliveries_dead", "Messages given up, to be sent again by hand.", undelivered.count())


def _gauge(name: str, text: str, value: int) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} gauge", f"{name} {value}"]
