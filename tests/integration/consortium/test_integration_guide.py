"""The integration guide is one script: run it against the demo, through a real socket."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

from events import outbox
from referrals.models import Referral

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "integration.md"
pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")


def script() -> str:
    return "\n".join(re.findall(r"^```bash\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.S | re.M))


@pytest.fixture
def demo(transactional_db, settings, tmp_path, capsys):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    call_command("demo")
    capsys.readouterr()
    return tmp_path / "demo.json"


def test_the_commands_of_the_guide_work_as_they_stand(demo, live_server):
    before = set(Referral.objects.values_list("number", flat=True))
    environment = os.environ | {"BASE": live_server.url, "DEMO_FILE": str(demo)}
    done = subprocess.run(["bash", "-c", script()], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    while outbox.run_due():
        pass
    made = Referral.objects.exclude(number__in=before).order_by("id")
    assert [(each.direction, each.status) for each in made] == [("up", "closed"), ("down", "closed")]


def test_the_example_of_an_error_is_one(live_server):
    """Its fields are those a real refusal has."""
    example = json.loads(re.search(r"^```json\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.S | re.M)[1])
    asked = subprocess.run(["curl", "-sS", f"{live_server.url}/api/v1/referrals/"], capture_output=True, check=True)
    assert sorted(json.loads(asked.stdout)) == sorted(example)
