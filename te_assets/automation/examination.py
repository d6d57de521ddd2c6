"""What `te-assets doctor` checks of the product itself: profile, contracts, ledgers, conservation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from te_assets.errors import SiteError, StackError
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint
from te_assets.stack.doctor import Finding, Verdict

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def site_profile(settings: Settings) -> Iterator[Finding]:
    """The site profile can be used."""
    profile = Profile.of(settings)
    site = profile.site()
    machines = sum(len(plant.work_centers) for plant in site.plants)
    yield Finding(
        "site",
        Verdict.GOOD,
        f"{profile.folder}: {len(site.plants)} plants, {machines} work centers, since {site.since}",
    )


def contracts(settings: Settings) -> Iterator[Finding]:
    """Shipped contracts and those of the site can be used."""
    known = [contract.contract_id for contract in Profile.of(settings).contracts()]
    yield Finding("contracts", Verdict.GOOD, ", ".join(known))


def lake(settings: Settings) -> Iterator[Finding]:
    """Ledgers, conservation and waiting days, where ClickHouse is up and migrated."""
    try:
        where = clickhouse_endpoint(settings)
    except StackError:
        return  # the servers' own check says that they are down
    with closing(clickhouse_client(where)) as client:
        if not client.command("EXISTS TABLE te_ops.conservation"):
            yield Finding("databases", Verdict.WRONG, "are not there yet", "Create them: te-assets migrate")
            return
        yield from _load_ledger(client)
        yield from _conservation(client)
        yield from _waiting(client)
        if client.command("EXISTS TABLE te_ops.stale"):
            yield from _stale(client)
            yield from _edited(client, settings)


def _load_ledger(client: Client) -> Iterator[Finding]:
    gaps = client.query(
        "SELECT topic, partition, lo, next FROM te_ops.load_ledger WHERE state = 'GAP' ORDER BY ALL LIMIT 5"
    ).result_rows
    for topic, partition, lo, following in gaps:
        yield Finding(
            "load ledger",
            Verdict.WARN,
            f"{topic} partition {partition}: offsets {lo} to {following - 1} were lost before they were loaded",
            "te_ops.conservation names the incomplete files: deliver them again under a new contract version.",
        )
    if not gaps:
        yield Finding("load ledger", Verdict.GOOD, "no gaps")


def _conservation(client: Client) -> Iterator[Finding]:
    rows = client.query(
        "SELECT name, contract, raw, accepted, rejected, skipped, duplicates FROM te_ops.conservation "
        "WHERE difference != 0 LIMIT 5"
    ).result_rows
    for name, contract, raw, *verdicts in rows:
        yield Finding(
            "conservation",
            Verdict.WARN,
            f"{name or 'events'} under {contract}: {raw:,} raw rows, of which {sum(verdicts):,} are accounted for",
            "A load may be at work; if it stays, run load_interactions or load_confirmations in the Dagster UI.",
        )
    if not rows:
        yield Finding("conservation", Verdict.GOOD, "every published row is accounted for")


def _waiting(client: Client) -> Iterator[Finding]:
    rows = client.query("SELECT model, count() FROM te_ops.waiting_days GROUP BY model ORDER BY model").result_rows
    for model, days in rows:
        yield Finding(
            "touched days",
            Verdict.WARN,
            f"{days} production days of {model} wait to be restated",
            "The sensor touched_days asks for them while te-assets up runs.",
        )
    if not rows:
        yield Finding("touched days", Verdict.GOOD, "none waits")


def _stale(client: Client) -> Iterator[Finding]:
    from te_assets.lake.stale import stale

    found = stale(client)
    for one in found:
        mend = f"They stay as they are until you restate them: te-assets backfill {one.first} {one.last}"
        yield Finding("stale days", Verdict.WARN, str(one), mend)
    if not found:
        yield Finding("stale days", Verdict.GOOD, "none: all figures are of the site profile that counts")


def _edited(client: Client, settings: Settings) -> Iterator[Finding]:
    """Whether site.yaml differs from what counts: it counts from the next run on."""
    try:
        edited = Profile.of(settings).site().hash
    except SiteError:
        return  # the site's own check explains it
    rows = client.query("SELECT toString(hash) FROM te_ops.site_versions ORDER BY applied_at DESC LIMIT 1").result_rows
    if rows and rows[0][0] != edited:
        yield Finding(
            "site profile",
            Verdict.WARN,
            "site.yaml is not what counts; the next run applies it",
            "Look first at what it changes: te-assets site diff",
        )


CHECKS = (site_profile, contracts, lake)
