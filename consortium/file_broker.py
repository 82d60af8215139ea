"""Celery's file broker without its race: nobody reads a message that is still being written.

kombu opens the message under its final name and writes afterwards; a worker that looks in between reads an empty file,
takes the JSON error for its own death and stops. Here a message appears whole, by renaming. What a killed process left
half written elsewhere is passed over: it was a nudge, the sweep finds what it stood for.
"""

import os
import uuid
from queue import Empty
from time import monotonic_ns

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        name = f"{monotonic_ns()}_{uuid.uuid4()}.{queue}.msg"
        draft = os.path.join(self.data_folder_out, f".{name}")  # noqa: PTH118 - a name no queue listens to
        with open(draft, "wb") as file:  # noqa: PTH123
            file.write(dumps(payload).encode())
        os.replace(draft, os.path.join(self.data_folder_out, name))  # noqa: PTH105, PTH118

    def _get(self, queue):
        try:
            return super()._get(queue)
        except ValueError:
            raise Empty from None


class Transport(filesystem.Transport):
    Channel = Channel
