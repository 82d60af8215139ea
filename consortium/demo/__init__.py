"""The demo consortium: who and what there is, and what happened in the days before somebody looks.

Everything is made through the real acts, at the time it is said to have happened (`clock.at`), so that
deadlines, reminders, the ladder and the trail are what they would have been. `seeding` puts it into an
empty database, `rebasing` makes it anew when it has aged untouched. Only `manage.py demo` calls this.
"""
