"""A provider on this machine that answers, lies, hangs or hangs up, as the test says."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class Provider:
    """`answers`: one after the other, the last one for ever; (status, body) or a function of the handler.

    `asked`: what came, as (query, body) with forms and JSON read.
    """

    def __init__(self, url):
        self.url, self.asked, self.answers = url, [], []

    def will(self, *answers):
        self.answers = list(answers)

    def next(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def says(body, status=200):
    return status, body if isinstance(body, bytes) else json.dumps(body).encode()


def hangs_up(handler):
    """Takes the request and closes without a word."""
    handler.close_connection = True


def redirects(handler):
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@contextmanager
def provider():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def hangs(handler):
    """Takes the request and says nothing, until the test is over."""
    handler.server.released.wait(10)
    handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        told = self.server.provider
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = "json" not in self.headers.get("Content-Type", "")
        query = dict(parse_qsl(urlsplit(self.path).query))
        told.asked.append((query, dict(parse_qsl(body)) if form else json.loads(body)))
        answer = told.next()
        if callable(answer):
            answer(self)
            return
        status, content = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass
