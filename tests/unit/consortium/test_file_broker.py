"""The file broker: a message is there whole or not at all."""

from queue import Empty

import pytest
from kombu import Connection

from consortium.environment import broker_options


@pytest.fixture
def channel(tmp_path):
    options = broker_options("filesystem://", tmp_path)
    with Connection("filesystem://", transport="consortium.file_broker:Transport", transport_options=options) as broker:
        yield broker.default_channel


def test_what_is_put_is_got_once_and_in_order(channel):
    channel._put("celery", {"n": 1})
    channel._put("celery", {"n": 2})
    assert [channel._get("celery"), channel._get("celery")] == [{"n": 1}, {"n": 2}]
    with pytest.raises(Empty):
        channel._get("celery")


def test_a_message_still_being_written_is_not_seen(channel, tmp_path):
    (tmp_path / "queue" / ".1_a.celery.msg").write_text('{"n": ')
    with pytest.raises(Empty):
        channel._get("celery")


def test_what_a_killed_process_left_does_not_stop_the_worker(channel, tmp_path):
    (tmp_path / "queue" / "1_a.celery.msg").write_text("")
    with pytest.raises(Empty):
        channel._get("celery")
    channel._put("celery", {"n": 3})
    assert channel._get("celery") == {"n": 3}
