"""A hospital's own system at the other end of the line: a client of var/demo.json, HTTP and nothing else."""

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass


@dataclass
class Answer:
    status: int
    headers: dict
    body: dict


class Partner:
    """One client with its token; `doctor` is the staff number it acts for."""

    def __init__(self, site, institution: str, doctor: str = ""):
        self.address, self.client, self.doctor = site.address, site.client(institution), doctor
        self.token = self._token()

    def reads(self, path: str) -> dict:
        answer = self._call("GET", path)
        assert answer.status == 200, answer
        return answer.body

    def posts(self, path: str, body: dict, **headers: str) -> Answer:
        return self._call("POST", path, body, {"Idempotency-Key": str(uuid.uuid4())} | headers)

    def changes(self, number: str, **content) -> dict:
        """PATCH a draft, at the version it has."""
        answer = self._call("PATCH", f"/api/v1/referrals/{number}/", content, {"If-Match": self._etag(number)})
        assert answer.status == 200, answer
        return answer.body

    def moves(self, number: str, verb: str, **facts) -> dict:
        """A move of a referral, at the version it has."""
        answer = self.posts(f"/api/v1/referrals/{number}/{verb}/", facts, **{"If-Match": self._etag(number)})
        assert answer.status in (200, 201), answer
        return answer.body

    def referral(self, number: str) -> dict:
        return self.reads(f"/api/v1/referrals/{number}/")

    def _etag(self, number: str) -> str:
        answer = self._call("GET", f"/api/v1/referrals/{number}/")
        assert answer.status == 200, answer
        return answer.headers["ETag"]

    def _token(self) -> str:
        pair = f"{self.client['client_id']}:{self.client['client_secret']}".encode()
        request = urllib.request.Request(
            self.address + "/oauth2/token",
            data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode(),
            headers={"Authorization": f"Basic {base64.b64encode(pair).decode()}"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["access_token"]

    def _call(self, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"} | (headers or {})
        if self.doctor:
            sent["On-Behalf-Of"] = self.doctor
        data = None
        if body is not None:
            sent["Content-Type"], data = "application/json", json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return _answer(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return _answer(refused)


def _answer(raw) -> Answer:
    text = raw.read()
    return Answer(raw.status, dict(raw.headers), json.loads(text) if text else {})
