"""compose.yaml gives each container its own secrets and no more room than it needs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from callstore.base.environment import Environment
from callstore.local.processes import BUCKET_SECRETS, LOGGING, processes
from tests.local.by_hand import SQL
from tests.places import ROOT

COMPOSED: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSED["services"]
PROOFS = {"twilio_accounts", "openai_webhook_secrets", "ingest_tokens"}
BUCKET = {secret.lower() for secret in BUCKET_SECRETS}
SECRETS = {
    "postgres": {"postgres_password", "owner_password", "application_password", "operator_password"},
    "valkey": {"valkey_password"},
    "proxy": set(),
    # The owner's URL: once, before anything else runs.
    "prepare": {"owner_database_url", "redis_url", "secret_key", "log_key", *PROOFS, *BUCKET},
    # The owner's, too, once a day, where RETENTION_DAYS is set.
    "retire": {"owner_database_url", "secret_key", "log_key", *BUCKET},
    "operator": {"operator_database_url", "redis_url", "secret_key", "log_key", *BUCKET},
    "citus": {"postgres_password", "owner_password", "application_password", "operator_password"},
    # Deliveries, and nothing by which anybody reads.
    "doors": {"database_url", "redis_url", "secret_key", "log_key", *PROOFS},
}  # fmt: skip
TABLE = {process.name: process for process in processes("0.0.0.0", 8000)}
TABLE["pages"] = TABLE["web"]
SECRETS |= {name: {secret.lower() for secret in own.secrets} for name, own in TABLE.items()}
PROFILES = {
    "single": {"postgres", "web"},
    "split": {"postgres", "doors", "pages"},
    "citus": {"citus", "web"},
    "operator": {"operator"},
}
OURS = {name for name, service in SERVICES.items() if service.get("image") == "callstore"}


def secrets_of(service: dict[str, Any]) -> set[str]:
    return set(service.get("secrets", ()))


def environment_of(service: dict[str, Any]) -> dict[str, str]:
    given = service.get("environment", {})
    return {name: str(value) for name, value in given.items()}


def parse(text: str) -> PyCompose:
    """The file as the Compose specification types it, with nothing set in `.env`. Raises ValueError."""
    return PyCompose.from_json(json.dumps(yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))))


def test_compose_understands_all_of_it() -> None:
    composed = parse((ROOT / "compose.yaml").read_text())
    composed.validate()  # that every network, volume and secret is there
    assert set(composed.services) == SERVICES.keys()
    known = {"profiles", "healthcheck", "depends_on", "environment", "read_only"}
    assert known <= composed.services["web"].model_fields_set


def test_compose_refuses_what_it_does_not_know() -> None:
    wrong = (ROOT / "compose.yaml").read_text().replace("stop_grace_period", "stop_grace_time")
    with pytest.raises(ValueError, match="stop_grace_time"):
        parse(wrong)


def test_each_container_has_its_own_secrets_and_no_others() -> None:
    assert {name: secrets_of(service) for name, service in SERVICES.items()} == SECRETS


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_container_is_told_what_the_table_says(name: str) -> None:
    own = TABLE[name]
    there = environment_of(SERVICES[name]).keys() - {"TMPDIR"}
    assert there == own.settings | LOGGING | {f"{secret}_FILE" for secret in own.secrets}


def test_a_profile_starts_one_database_and_what_serves() -> None:
    chosen = {profile: set() for profile in PROFILES}
    for name, service in SERVICES.items():
        for profile in service.get("profiles", ()):
            chosen[profile].add(name)
    assert chosen == PROFILES
    assert "COMPOSE_PROFILES=single\n" in (ROOT / ".env.example").read_text()


def test_the_proxy_finds_doors_and_pages_in_every_profile() -> None:
    for serving in (PROFILES[profile] - {"postgres", "citus"} for profile in ("single", "split", "citus")):
        named = set(serving)
        for name in serving:
            networks = SERVICES[name]["networks"]
            named |= set(networks["front"]["aliases"] if isinstance(networks, dict) else ())
        assert {"doors", "pages"} <= named


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"prepare", "operator", "retire"}))
def test_what_runs_is_checked_limited_and_started_again(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["cpus"] and service["mem_limit"] and service["pids_limit"]
    assert service["healthcheck"]["test"] and service["healthcheck"]["timeout"]
    if name in TABLE:
        assert service["healthcheck"]["test"] == ["CMD", *TABLE[name].health]


def test_whoever_lets_old_months_go_outlives_a_restart_of_the_machine_and_ends_when_it_is_told_to() -> None:
    retire = SERVICES["retire"]
    assert retire["restart"] == "unless-stopped" and retire["init"] is True
    assert retire["networks"] == ["database"]


def test_only_the_proxy_is_root_and_keeps_nothing_of_it() -> None:
    assert re.findall(r"^USER (.*)$", (ROOT / "Dockerfile").read_text(), re.M)[-1] == "callstore"
    servers = SERVICES.keys() - OURS
    assert {name for name in servers if SERVICES[name].get("user", "root") == "root"} == {"proxy"}
    assert "\nuser nginx;" in (ROOT / "deploy" / "nginx.conf").read_text()


def test_no_secret_is_in_an_environment_or_in_a_command() -> None:
    for name, service in SERVICES.items():
        assert "env_file" not in service, name
        words = " ".join([*map(str, environment_of(service).values()), str(service.get("command", ""))])
        words = words.replace("AWS_ACCESS_KEY_ID", "")  # whose key, and no key
        assert not re.search(r"\$\{?\w*(PASSWORD|KEY|TOKEN|SECRET|ACCOUNTS|DATABASE_URL|REDIS_URL)", words), (
            name
        )
        for setting, value in environment_of(service).items():
            if value.startswith("/run/secrets/"):
                assert setting.endswith("_FILE") and Path(value).name in secrets_of(service), name
                assert setting.removesuffix("_FILE") not in environment_of(service), name


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_secret_of_ours_is_read_from_its_file(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = SERVICES[name]
    files = {s: v for s, v in environment_of(service).items() if v.startswith("/run/secrets/")}
    assert {Path(value).name for value in files.values()} == secrets_of(service)
    for setting, value in files.items():
        (tmp_path / Path(value).name).write_text(f"of {setting}\n")
        monkeypatch.setenv(setting, str(tmp_path / Path(value).name))
        monkeypatch.delenv(setting.removesuffix("_FILE"), raising=False)
        assert Environment().str(setting.removesuffix("_FILE")) == f"of {setting}"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_can_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", ())) <= ({"CHOWN", "SETGID", "SETUID"} if name == "proxy" else set())
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"] and service["pids_limit"]
    assert any(mount.startswith("/tmp") for mount in service["tmpfs"])


def test_nothing_but_the_proxy_is_published() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.keys() == {"proxy"}


def networks_of(name: str) -> set[str]:
    networks = SERVICES[name]["networks"]
    return set(networks)


def members(network: str) -> set[str]:
    return {name for name in SERVICES if network in networks_of(name)}


def test_the_proxy_reaches_web_and_nothing_else() -> None:
    reached = set().union(*(members(network) for network in networks_of("proxy")))
    assert reached == {"proxy", "web", "doors", "pages"}


def test_each_server_has_a_network_of_its_own_with_those_who_have_its_password() -> None:
    assert len(networks_of("postgres")) == len(networks_of("valkey")) == 1
    of_database = {n for n, own in SECRETS.items() if any(secret.endswith("database_url") for secret in own)}
    assert members(*networks_of("postgres")) == {"postgres", "citus", *of_database}
    assert members(*networks_of("valkey")) == {
        "valkey",
        *(n for n, own in SECRETS.items() if "redis_url" in own),
    }


def test_only_fetcher_watch_and_proxy_reach_beyond_this_machine() -> None:
    inner = {name for name, network in COMPOSED["networks"].items() if (network or {}).get("internal")}
    assert {name for name in SERVICES if networks_of(name) - inner} == {"proxy", "fetcher", "watch"}


def test_prometheus_as_the_page_adds_it_reaches_every_web() -> None:
    [block] = re.findall(r"```yaml\n(services:\n.*?)```", (ROOT / "docs" / "metrics.md").read_text(), re.S)
    added = yaml.safe_load(block)["services"]
    parse(yaml.safe_dump(COMPOSED | {"services": SERVICES | added})).validate()
    assert {"web", "doors", "pages"} <= set().union(*map(members, added["prometheus"]["networks"]))


def test_the_script_makes_every_secret_once(tmp_path: Path) -> None:
    def run() -> dict[str, str]:
        subprocess.run(["sh", ROOT / "deploy" / "secrets.sh"], cwd=tmp_path, check=True, capture_output=True)
        return {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}

    made = run()
    assert made.keys() == COMPOSED["secrets"].keys()
    assert {secret["file"] for secret in COMPOSED["secrets"].values()} == {f"./secrets/{n}" for n in made}
    assert made["application_password"].strip() in made["database_url"]
    assert made["owner_password"].strip() in made["owner_database_url"]
    assert made["operator_password"].strip() in made["operator_database_url"]
    assert made["valkey_password"].strip() in made["redis_url"]
    superusers = made["postgres_password"].strip()
    assert [name for name in made if superusers in made[name]] == ["postgres_password"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert run() == made


def test_a_password_with_a_quote_in_it_makes_no_other_statement(tmp_path: Path, db: None) -> None:
    for name in ("owner", "application", "operator"):
        (tmp_path / f"{name}_password").write_text("it's'; DROP TABLE x; --\n")
    script = (ROOT / "deploy" / "roles.sql").read_text().replace("/run/secrets", str(tmp_path))
    for role in ("callstore_owner", "callstore_app", "callstore_operator", "callstore_hand", "callstore"):
        script = re.sub(rf"\b{role}\b(?!_)", f"{role}_{os.getpid()}", script)
    made = f"SELECT 'made ' || count(*) FROM pg_roles WHERE rolname LIKE 'callstore%{os.getpid()}';"
    command = [_psql(), os.environ["DATABASE_URL"], "-v", "ON_ERROR_STOP=1"]
    text = f"BEGIN;\n{script}\n{made}\nROLLBACK;"
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "made 5" in done.stdout


def test_the_image_makes_the_roles_that_the_page_makes_by_hand() -> None:
    def plain(text: str) -> set[str]:
        said = re.sub(r"^(?:--|\\set ).*$", "", re.sub(r"PASSWORD :?'[^']*'", "PASSWORD", text), flags=re.M)
        return {statement.strip() for statement in said.split(";") if statement.strip()}

    made = plain((ROOT / "deploy" / "roles.sql").read_text())
    by_hand = plain(SQL)
    assert made - by_hand == {'ALTER DATABASE :"DBNAME" OWNER TO callstore_owner'}
    assert by_hand - made == {"CREATE DATABASE callstore OWNER callstore_owner"}


def _psql() -> str:
    from callstore.local.binaries import postgres_binaries

    found = postgres_binaries() / "psql"
    if not found.exists():
        pytest.skip("no psql beside this Postgres")
    return str(found)


def test_the_relay_begins_with_no_secrets_but_its_own(tmp_path: Path) -> None:
    own = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}
    environment = {"PATH": os.environ["PATH"], "CALLSTORE_DATA_DIR": str(tmp_path), **own}
    command = [sys.executable, "manage.py", "relay"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as relay:
        assert relay.stderr
        said = relay.stderr.readline()
        relay.terminate()
    assert "The database lets nothing be done" in said
