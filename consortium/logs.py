"""What is logged and how: one line each, with the request's id, never a query string."""


def logging(level: str) -> dict:
    """The setting LOGGING; `level` is the least that is shown where nothing else is said."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "toolkit.requests.RequestIDFilter"},
            "path_only": {"()": "toolkit.requests.PathOnlyFilter"},
        },
        "formatters": {
            "line": {
                "()": "toolkit.requests.LineFormatter",
                "format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
            },
        },
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stdout",
                "formatter": "line",
                "filters": ["request_id"],
            },
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "INFO", "filters": ["path_only"], "propagate": True},
            "axes": {"level": "WARNING"},
            "pyBarcode": {"level": "ERROR"},  # it tells at every start that it draws no bitmaps
            "urllib3": {"level": "INFO"},  # in detail it writes whole addresses, and a robot's is a secret
            "celery.app.trace": {"level": "WARNING"},  # a line for every beat of the clock says nothing
            "celery.worker.strategy": {"level": "WARNING"},
            "kombu.connection": {"level": "ERROR"},  # the file broker has no host to name
            "gunicorn.http.wsgi": {"level": "ERROR"},  # it drops the body of a HEAD answer, as Django expects
        },
    }
