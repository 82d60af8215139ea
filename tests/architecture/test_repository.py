"""Facts about the repository: pinned, reproducible, and closed by default."""

import json
import re
import sys
from importlib import metadata

import pytest
import yaml

from .project import BASE, LAYERS, sources
from .test_sources import imports_of

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>[0-9][^\s;]*)$")


def listed(name: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in (BASE / name).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith(("-r ", "-c "))]


def pins(name: str) -> dict[str, str]:
    found = (PIN.match(line) for line in listed(name))
    return {canonical(match["name"]): match["version"] for match in found if match}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "constraints.txt"])
def test_every_requirement_is_pinned(name):
    assert [line for line in listed(name) if not PIN.match(line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_agree_with_the_constraints(name):
    constraints = pins("constraints.txt")
    assert {package: constraints.get(package) for package in pins(name)} == pins(name)


def test_what_the_code_imports_is_required():
    distributions = metadata.packages_distributions()
    imported = {name for path in sources(migrations=True) for name in imports_of(path)}
    outside = imported - set(LAYERS) - set(sys.stdlib_module_names)
    needed = {canonical(distribution) for name in outside for distribution in distributions.get(name, [name])}
    assert sorted(needed - set(pins("requirements.txt")) - NOT_NEEDED_TO_RUN) == []


# polib: only `manage.py messages` needs it, on a developer's machine
NOT_NEEDED_TO_RUN = {"kombu", "asgiref", "polib"}


def test_front_end_packages_are_pinned_and_locked_to_no_host():
    package = json.loads((BASE / "package.json").read_text())
    lock = json.loads((BASE / "package-lock.json").read_text())["packages"]
    assert [
        version for version in package["dependencies"].values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)
    ] == []
    assert lock[""]["dependencies"] == package["dependencies"]
    modules = {name: entry for name, entry in lock.items() if name}
    assert [name for name, entry in modules.items() if not entry.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, entry in modules.items() if "resolved" in entry] == []


def test_image_runs_without_root():
    lines = (BASE / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users[-1:] != [] and users[-1] not in ("root", "0")
    assert [line for line in lines if line.startswith("HEALTHCHECK ")] != []


def test_composition_has_its_parts_and_asks_for_its_secrets():
    text = (BASE / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    assert sorted(services) == ["beat", "migrate", "postgres", "redis", "web", "worker"]
    assert sorted(name for name, service in services.items() if "healthcheck" not in service) == ["migrate"]
    for secret in ("SECRET_KEY", "FIELD_KEYS", "HASH_KEYS", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"):
        assert re.search(r"\$\{" + secret + r":\?[^}]+\}", text), f"{secret} must be asked for"
        assert not re.search(r"\$\{" + secret + r"(:-[^}]*)?\}", text.replace("$" + "{" + secret + ":?", "")), secret
    assert "C.UTF-8" in services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_every_variable_is_explained():
    read = set()
    for path in [BASE / "consortium" / "settings.py", BASE / "gunicorn.conf.py"]:
        text = path.read_text()
        read |= set(re.findall(r"(?:env(?:\.\w+)?|_secret|environ\.get)\(\s*[\"']([A-Z_]+)[\"']", text))
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (BASE / ".env.example").read_text(), re.M))
    assert sorted(read - explained - {"READ_DOTENV"}) == []
