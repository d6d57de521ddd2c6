"""The asset graph as plain data: keys, dependencies, jobs, sensors."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import dagster as dg

from te_assets.assets.graph import table_metadata
from te_assets.automation.jobs import AT_ONCE, IN_TURN
from te_assets.definitions import defs
from te_assets.lake.health import QUESTIONS
from te_assets.lake.marts import MARTS, MARTS_OF

EDGES = {
    "kafka/interactions": {"excel/interactions"},
    "raw/interactions": {"kafka/interactions"},
    "staging/interactions_history": {"raw/interactions"},
    "staging/interactions_days": {"staging/interactions_history"},
    "staging/interactions": {"staging/interactions_days"},
    "marts/availability": {"staging/interactions", "staging/confirmations"},
    "marts/availability_line": {"staging/interactions", "staging/confirmations"},
    "marts/states": {"staging/interactions", "staging/confirmations"},
    "marts/downtime_reasons": {"staging/interactions"},
    "marts/stops": {"staging/interactions"},
    "kafka/confirmations": {"excel/confirmations"},
    "raw/confirmations": {"kafka/confirmations"},
    "staging/confirmations_history": {"raw/confirmations"},
    "staging/confirmations_days": {"staging/confirmations_history"},
    "staging/confirmations": {"staging/confirmations_days"},
    "marts/scrap_rate": {"staging/confirmations"},
    "marts/scrap_reasons": {"staging/confirmations"},
}


def test_definitions_can_be_loaded() -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_graph_leads_from_the_workbooks_to_the_marts() -> None:
    graph = defs.resolve_asset_graph()
    found = {
        key.to_user_string(): {p.to_user_string() for p in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
    }

    assert found == {**EDGES, "excel/interactions": set(), "excel/confirmations": set()}


def test_every_asset_says_where_it_belongs_and_who_owns_it() -> None:
    graph = defs.resolve_asset_graph()
    groups = {"excel": "sources", "kafka": "topics", "raw": "raw", "staging": "staging", "marts": "marts"}

    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name == groups[key.path[0]]
        assert node.description
        assert node.kinds
        assert node.owners


def test_staging_and_marts_are_partitioned_by_production_day_up_to_tomorrow() -> None:
    graph = defs.resolve_asset_graph()

    for key in graph.get_all_asset_keys():
        daily = key.path[0] == "marts" or (key.path[0] == "staging" and not key.path[1].endswith("_history"))
        partitions = graph.get(key).partitions_def
        assert isinstance(partitions, dg.DailyPartitionsDefinition) == daily
        if isinstance(partitions, dg.DailyPartitionsDefinition):
            assert partitions.end_offset == 2
            assert partitions.get_first_partition_key() == "2026-01-01"


def test_one_writer_per_topic_and_a_pool_for_restating() -> None:
    graph = defs.resolve_asset_graph()
    pools = {key.to_user_string(): graph.get(key).pools for key in graph.get_all_asset_keys()}

    assert pools["raw/interactions"] == {"load_interactions"}
    assert pools["kafka/confirmations"] == {"load_confirmations"}
    assert pools["staging/interactions_history"] == {"load_interactions"}
    assert pools["marts/availability"] == {"restate"}


def test_jobs_sensors_and_schedules() -> None:
    models = ("interactions", "confirmations")

    assert {job.name for job in defs.jobs or ()} == {
        *(f"{kind}_{model}" for kind in ("deliver", "load", "stream", "restate", "marts") for model in models),
        *("retract", "health", "reconcile", "upkeep", "compaction", "months"),
    }
    assert {sensor.name for sensor in defs.sensors or ()} == {
        "landing",
        *(f"topic_{model}" for model in models),
        "touched_days",
        "run_failures",
        "checks_and_freshness",
    }
    assert all(sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in defs.sensors or ())
    assert {schedule.name for schedule in defs.schedules or ()} == {
        *(f"refresh_{model}_{plant}" for model in models for plant in ("1000", "2000")),
        *("health", "reconcile", "upkeep", "compaction", "months"),
    }


def test_all_jobs_but_those_of_events_share_the_places_of_the_queue() -> None:
    """With every place taken by a backlog, an event's run would wait in the queue."""
    tags = {job.name: job.tags for job in defs.resolve_all_job_defs() if not job.name.startswith("__")}

    at_once = {name for name, of in tags.items() if AT_ONCE.items() <= of.items()}
    assert at_once == {"stream_interactions", "stream_confirmations"}
    assert {name for name, of in tags.items() if IN_TURN.items() <= of.items()} == set(tags) - at_once


def test_raw_must_be_fresh_by_its_age_and_marts_by_a_time_of_the_day() -> None:
    graph = defs.resolve_asset_graph()
    policies = {key.to_user_string(): graph.get(key).freshness_policy for key in graph.get_all_asset_keys()}
    loads = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=26))
    figures = dg.FreshnessPolicy.cron(
        deadline_cron="0 8 * * *", lower_bound_delta=timedelta(days=1), timezone="Europe/Berlin"
    )

    assert {key: policy for key, policy in policies.items() if policy is not None} == {
        **{f"raw/{model}": loads for model in MARTS_OF},
        **{f"marts/{mart}": figures for mart in MARTS},
    }


def test_upkeep_runs_every_night_by_the_first_plant_s_clock() -> None:
    (schedule,) = [schedule for schedule in defs.schedules or () if schedule.name == "upkeep"]

    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.name, schedule.job_name) == ("upkeep", "upkeep")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("30 3 * * *", "Europe/Berlin")
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_marts_are_checked_before_they_are_swapped_in_and_sheets_by_their_totals() -> None:
    checks = {key.to_user_string() for key in defs.resolve_asset_graph().asset_check_keys}

    of_marts = {f"marts/{mart}:{check}" for check in ("figures_add_up", "site_profile_applied") for mart in MARTS}
    of_history = ("sheet_totals_agree", "rows_conserved", "rejected_as_usual", "columns_as_usual", "data_fresh")
    assert checks == {
        *of_marts,
        *(f"staging/{model}_history:{check}" for model in MARTS_OF for check in of_history),
        *(f"raw/{model}:ledger_contiguous" for model in MARTS_OF),
        *(f"marts/{mart}:figures_reproducible" for mart in MARTS),
        *(f"staging/{model}:figures_reproducible" for model in MARTS_OF),
        "staging/interactions:reasons_classed",
        "staging/confirmations:posted_in_time",
    }


def test_checks_of_the_whole_lake_do_not_slow_the_runs_down_that_carry_an_event() -> None:
    repository = defs.get_repository_def()
    of_jobs = {
        job.name: {key.name for key in job.asset_layer.asset_graph.asset_check_keys}
        for job in repository.get_all_jobs()
    }

    assert of_jobs["load_interactions"] == {"sheet_totals_agree"}
    assert of_jobs["stream_interactions"] == {"sheet_totals_agree", "figures_add_up", "site_profile_applied"}
    assert of_jobs["restate_confirmations"] == {"figures_add_up", "site_profile_applied"}
    assert of_jobs["health"] == set(QUESTIONS)
    assert of_jobs["reconcile"] == {"figures_reproducible"}


def test_what_would_publish_a_wrong_figure_blocks() -> None:
    graph = defs.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}

    assert blocking == {"figures_add_up", "ledger_contiguous", "rows_conserved"}


def test_importing_the_definitions_loads_no_heavy_library() -> None:
    heavy = (
        "polars",
        "pyarrow",
        "openpyxl",
        "fastexcel",
        "kafka",
        "clickhouse_connect",
        "pandas",
        "simpy",
        "xlsxwriter",
    )
    code = f"import sys, te_assets.definitions; print([m for m in {heavy!r} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_what_stands_in_angle_brackets_in_a_column_s_description_is_shown() -> None:
    columns = table_metadata("te_raw.interactions")["dagster/column_schema"].columns

    (key,) = [column.description for column in columns if column.name == "key"]
    assert key == "Key of the message: &lt;sha256&gt;/&lt;sheet&gt; for workbooks, the machine for events"
