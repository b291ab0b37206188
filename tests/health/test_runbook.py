"""Rules, runbook and dashboard agree with each other and with what /metrics tells."""

import json
import re
from collections.abc import Iterator

import yaml

from callstore.eventlog.retention.retire import GRACE_DAYS
from callstore.local.processes import processes
from callstore.projection.relay import QUEUED
from callstore.projection.worklist.heads import LEASE_S, LEASE_SPREAD_S
from tests.health.test_metrics import ROW
from tests.places import ROOT

RULES = ROOT / "deploy/alerts.yml"
# Of the client library and of Prometheus itself, on every series or by its discovery.
OTHERS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
OTHERS |= {"process_open_fds", "process_max_fds"}
OF_EVERY_SERIES = {"job", "instance"}
SELECTOR = re.compile(r"\b([a-z_]+)(?:\{([^}]*)\})?(?=[\s)\[/]|$)")
WORDS = OF_EVERY_SERIES | {"max", "min", "sum", "rate", "delta", "increase", "absent", "max_over_time"}
WORDS |= {"by", "without", "on", "and"}


def told() -> dict[str, set[str]]:
    """Every figure by its name, with its labels: another test compares this page with the output."""
    page = (ROOT / "docs/metrics.md").read_text()
    rows = {name: set(re.findall(r"`(\w+)`", labels)) for name, _, labels in ROW.findall(page)}
    return rows | {name: set() for name in OTHERS}


def rules() -> list[dict]:
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    return group["rules"]


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in json.loads((ROOT / "deploy/grafana.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_every_expression_names_figures_and_labels_that_are_told() -> None:
    figures = told()
    labels_of_all = set().union(*figures.values())
    named = [
        (where, name, labels)
        for where, expression in expressions()
        for name, labels in SELECTOR.findall(expression)
        if name not in WORDS
    ]
    assert {where for where, *_ in named} == {where for where, _ in expressions()}
    for where, name, labels in named:
        if name in labels_of_all and not labels:
            continue  # in a `by`
        assert name in figures, f"{where}: {name}"
        assert set(re.findall(r"(\w+)\s*[!=]", labels)) <= figures[name] | OF_EVERY_SERIES, f"{where}: {name}"


def test_every_figure_of_ours_is_on_the_dashboard_or_in_a_rule() -> None:
    text = " ".join(expression for _, expression in expressions())
    seldom = {"callstore_spool_limit_bytes", "callstore_heartbeat_age_seconds"}
    assert {name for name in told() if name not in text} <= seldom | OTHERS


def test_the_bounds_that_the_pages_name_are_the_codes() -> None:
    runbook, metrics = ((ROOT / "docs" / name).read_text() for name in ("runbook.md", "metrics.md"))
    assert f'`callstore_queue_tasks{{queue="calls"}}` at {QUEUED} means' in runbook
    assert f"while {QUEUED} wait" in metrics
    assert f"claimed again within {LEASE_S + LEASE_SPREAD_S} s" in runbook
    assert f"{GRACE_DAYS} days older than `RETENTION_DAYS`".replace("2", "two") in metrics


def test_what_may_go_with_a_machine_has_its_row_and_the_seconds_that_the_code_waits() -> None:
    page = (
        (ROOT / "docs" / "runbook.md")
        .read_text()
        .partition("## A machine is lost\n")[2]
        .partition("\n## ")[0]
    )
    rows = dict(re.findall(r"^\| ([\w, ]+) \| (.*) \|$", page, re.M))
    named = {name.strip() for row in rows for name in row.split(",")}
    assert named >= {process.name for process in processes("127.0.0.1", 8000)}
    assert f"within {LEASE_S + LEASE_SPREAD_S} s" in rows["worker"]


def test_every_alert_has_its_page_and_every_page_its_alert() -> None:
    pages = re.split(r"^## (\w+)$", (ROOT / "docs/runbook.md").read_text(), flags=re.M)
    names = [rule["alert"] for rule in rules()]
    assert pages[1::2] == names
    for rule, page in zip(rules(), pages[2::2], strict=True):
        assert re.findall(r"\*\*(\w+)\.\*\*", page) == ["Means", "See", "Do"], rule["alert"]
        assert rule["annotations"]["runbook_url"] == f"docs/runbook.md#{rule['alert'].lower()}"
        assert f"*{rule['labels']['severity']}.*" in page
