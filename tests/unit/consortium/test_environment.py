"""What the environment says becomes settings; what it leaves out is made once or asked for."""

import stat
from concurrent.futures import ThreadPoolExecutor

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from consortium.environment import broker_options, database, secret


def read(url: str, base) -> dict:
    return database(environ.Env().db_url_config(url), base)


def test_sqlite_is_a_file_of_the_project_with_its_test_database_beside_it(tmp_path):
    config = read("sqlite:///var/some.sqlite3", tmp_path)
    assert config["NAME"] == str(tmp_path / "var" / "some.sqlite3")
    assert config["TEST"] == {"NAME": str(tmp_path / "var" / "test_some.sqlite3")}
    assert (tmp_path / "var").is_dir()


def test_sqlite_takes_its_write_lock_at_once_and_waits_for_it(tmp_path):
    options = read(f"sqlite:///{tmp_path}/some.sqlite3", tmp_path / "elsewhere")["OPTIONS"]
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("url", "host", "name"),
    [
        ("postgres://somebody@%2Frun%2Fpg/consortium", "/run/pg", "consortium"),
        ("postgres://somebody:secret@db.example.org:5433/other", "db.example.org", "other"),
    ],
)
def test_postgresql_by_socket_or_by_name(tmp_path, url, host, name):
    config = read(url, tmp_path)
    assert (config["HOST"], config["NAME"], config["USER"]) == (host, name, "somebody")


def test_postgresql_is_not_left_to_weigh_every_order_of_a_dozen_joins(tmp_path):
    options = read("postgres://somebody@db.example.org/other?sslmode=require", tmp_path)["OPTIONS"]
    assert options == {"options": "-c join_collapse_limit=4", "sslmode": "require"}


def test_another_engine_is_refused(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="sqlite:// or postgres://"):
        read("mysql://localhost/consortium", tmp_path)


def test_the_file_broker_finds_its_folders(tmp_path):
    options = broker_options("filesystem://", tmp_path)
    assert options["data_folder_in"] == options["data_folder_out"] == str(tmp_path / "queue")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["control", "queue"]
    assert "data_folder_in" not in broker_options("redis://localhost", tmp_path)


def test_a_given_secret_is_taken_as_it_is(tmp_path):
    assert secret("SECRET_KEY", "given", required=True, folder=tmp_path) == "given"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_secret_is_asked_for_in_production(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"FIELD_KEYS is not set\..*FIELD_KEYS=\$\("):
        secret("FIELD_KEYS", "", required=True, folder=tmp_path)


def test_in_development_a_secret_is_made_once_and_kept_private(tmp_path):
    folder = tmp_path / "secrets"
    with ThreadPoolExecutor(1) as other:
        made = secret("SECRET_KEY", "", required=False, folder=folder)
        again = other.submit(secret, "SECRET_KEY", "", required=False, folder=folder).result()
    assert made == again
    assert len(made) >= 48
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
