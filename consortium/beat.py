"""What the clock does, and how often; `docs/operations.md` says it in words."""

from celery.schedules import crontab

SCHEDULE = {
    "events.sweep": {"task": "events.tasks.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "events.heartbeat": {"task": "events.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "events.seal": {"task": "events.tasks.seal", "schedule": 300.0, "options": {"expires": 300}},
    "notifications.sweep": {"task": "notifications.tasks.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "notifications.digest": {"task": "notifications.tasks.digest", "schedule": crontab(minute="*/10", hour="8-11")},
    "referrals.tick": {"task": "referrals.tasks.tick", "schedule": 30.0, "options": {"expires": 30}},
    "advice.tick": {"task": "advice.tasks.tick", "schedule": 60.0, "options": {"expires": 60}},
    "referrals.sweep_files": {"task": "referrals.tasks.sweep_files", "schedule": crontab(hour=3, minute=40)},
    "referrals.waiting_times": {
        "task": "referrals.tasks.reckon_waiting_times",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 900},
    },
    "accounts.purge": {"task": "accounts.tasks.purge", "schedule": crontab(hour=3, minute=20)},
}
