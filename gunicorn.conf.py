"""gunicorn reads this by itself. Access lines carry the path without its query string."""

import os

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
accesslog = "-"
access_log_format = "%(t)s web [%({x-request-id}o)s] %(m)s %(U)s %(s)s %(b)sB %(M)sms"
