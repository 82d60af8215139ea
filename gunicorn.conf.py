"""gunicorn reads this by itself. Access lines carry the path without its query string."""

import os
from urllib.parse import quote

from gunicorn.glogging import Logger

from toolkit.requests import without_secrets


class OneLine(Logger):
    """A path is written as it came, encoded: decoded, a line break in it would begin a line of the caller's own."""

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        return atoms | {"U": without_secrets(quote(environ["PATH_INFO"].encode("latin-1", "replace")))}

    def setup(self, cfg):
        super().setup(cfg)
        self.error_log.addFilter(_without_secrets)


def _without_secrets(record):
    """What fails before our own logging is reached names the address it was asked for."""
    record.msg, record.args = without_secrets(record.getMessage()), ()
    return True


bind = f"{os.environ.get('LISTEN', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 4  # honcho waits five seconds
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190
control_socket_disable = True
logger_class = OneLine
accesslog = "-"
access_log_format = "%(t)s web [%({x-request-id}o)s] %(m)s %(U)s %(s)s %(b)sB %(M)sms"
