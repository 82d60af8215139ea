"""Settings of the processes this folder kills: e-mails into files, sweeps every second, gates to stop at.

`FAULTS_DIR` is the folder of one run.
"""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

from .gates import FOLDER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.FaultsConfig"]
EMAIL_BACKEND = "tests.faults.mail.EmailBackend"
EMAIL_FILE_PATH = FOLDER / "mail"
CELERY_BEAT_SCHEDULE = {
    "events.sweep": {"task": "events.tasks.sweep", "schedule": 1.0},
    "notifications.sweep": {"task": "notifications.tasks.sweep", "schedule": 1.0},
}
