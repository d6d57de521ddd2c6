"""A contract proposed from a file: it loads, it reads the file, and says what it was unsure of."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from te_assets.automation.checking import Checked, check_file
from te_assets.automation.suggesting import NothingRecognised, suggest
from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.model import Contract
from te_assets.contracts.proposal import Proposal
from te_assets.settings import Settings
from te_assets.simulator.run import simulate
from te_assets_tests.conftest import Stack

DAYS = [date(2026, 3, day) for day in (2, 3, 11, 12, 13, 14)]


@dataclass
class Site:
    """A site folder that proposals are put into; rows are judged by a running engine."""

    stack: Stack
    folder: Path

    @property
    def settings(self) -> Settings:
        return self.stack.settings.model_copy(update={"site": self.folder})

    def take(self, proposal: Proposal) -> Contract:
        """Puts a proposal where its comments say."""
        path = self.folder / "sources" / f"{proposal.source}.yaml"
        path.write_text(proposal.yaml, encoding="utf-8")
        return Contract.load(path)

    def check(self, path: Path) -> Checked:
        """The one sheet that the contracts of the site find, chosen without naming a source."""
        (checked,) = check_file(self.settings, path)
        return checked


@pytest.fixture
def site(stack: Stack, tmp_path: Path) -> Site:
    folder = tmp_path / "site"
    (folder / "sources").mkdir(parents=True)
    profile = yaml.safe_load((Settings().site_dir / "site.yaml").read_text(encoding="utf-8"))
    profile["plants"] = profile["plants"][:1]  # a work center's plant is then known without a column for it
    profile["targets"] = [target for target in profile["targets"] if target["plant"] == profile["plants"][0]["id"]]
    (folder / "site.yaml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    return Site(stack, folder)


def book(path: Path, rows: Iterable[Sequence[Any]], title: str = "Data") -> Path:
    made = openpyxl.Workbook()
    cover = made.active
    assert cover is not None
    cover.title = "Cover"
    cover.append(["Monthly pack"])
    sheet = made.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    made.save(path)
    return path


def german_log(folder: Path) -> Path:
    """Date in a column of its own, start and end as times of day, no plant, headers that are only like known ones."""
    header = ["Datum", "Masch.-Nr.", "Arbeitsplatz", "Von", "Bis", "Störgrundcode", "Meldungsnummer", "Schicht"]
    rows = [
        [datetime.combine(day, time()), at, "PRS01", time(8, at), time(9, 0), "110", f"M{at}", "Früh"]
        for at, day in enumerate(DAYS)
    ]
    return book(folder / "Stillstände.xlsx", [["Stillstandsliste März"], [], header, *rows])


def french_log(folder: Path) -> Path:
    header = ["Usine", "Poste de travail", "N° d'avis", "Date début", "Heure début", "Date fin", "Heure fin"]
    rows = [
        ["1000", "PRS01", at, f"{day:%d/%m/%Y}", "08:00", f"{day:%d/%m/%Y}", "08:30"] for at, day in enumerate(DAYS)
    ]
    rest = ["Code motif d'arrêt", "Libellé motif", "Commentaire"]
    return book(folder / "Arrêts.xlsx", [[*header, *rest], *([*row, "110", "Panne", "ok"] for row in rows)])


def portuguese_confirmations(folder: Path) -> Path:
    header = (
        "Centro;Centro de trabalho;Ordem;Operação;Confirmação;Contador;Quantidade boa confirmada;Refugo confirmado;"
    )
    lines = [
        f"1000;PRS01;{1000 + at};0010;{at};1;1.234,50;{at},5;ST;{day:%d.%m.%Y};08:00:00;{day:%d.%m.%Y}"
        for at, day in enumerate(DAYS)
    ]
    text = "\r\n".join([header + "Unidade de medida;Data real do fim;Hora real do fim;Data de entrada", *lines, ""])
    path = folder / "Confirmações.csv"
    path.write_bytes(text.encode("cp1252"))
    return path


def chinese_confirmations(folder: Path) -> Path:
    header = [
        "工廠",
        "工作中心",
        "訂單",
        "作業",
        "確認",
        "計數器",
        "物料",
        "確認良品率",
        "確認廢品",
        "單位",
        "過帳日期",
        "備註",
    ]
    rows = [
        ["1000", "PRS01", str(1000 + at), "0010", str(at), "1", "M", 100, at, "ST", datetime.combine(day, time()), "-"]
        for at, day in enumerate(DAYS)
    ]
    return book(folder / "確認.xlsx", [header, *rows])


def tab_list(folder: Path) -> Path:
    """UTF-16, two title lines, an empty first column, quantities that end in a minus."""
    header = ["", "Werk", "Arbeitspl.", "Auftrag", "Vorgang", "Rückmeldung", "Zähler", "Rückgem. Gutmenge"]
    header += ["Ausschuss", "Storniert", "Einh", "Buchungsdatum"]
    lines = [
        ["", "1000", "PRS01", str(at), "10", str(at), "1", "1.234,000", "0,000", "", "ST", f"{day:%d.%m.%Y}"]
        for at, day in enumerate(DAYS)
    ]
    lines.append(["", "1000", "PRS01", "99", "10", "99", "1", "1.234,000-", "0,000", "X", "ST", "14.03.2026"])
    text = "\r\n".join(["Liste", "", *("\t".join(line) for line in [header, *lines]), ""])
    path = folder / "COOIS_2026-03-02_2026-03-08_20260309T060000.xls"
    path.write_bytes(text.encode("utf-16"))
    return path


def american_log(folder: Path) -> Path:
    header = ["Work Centre", "Stop ID number", "Started at", "Ended at", "Reason Code", "Comment"]
    rows = [
        ["PRS01", f"S{at}", f"{day:%m/%d/%Y} 08:00", f"{day:%m/%d/%Y} 08:45", "110", "jam"]
        for at, day in enumerate(DAYS)
    ]
    return book(folder / "Downtime.xlsx", [header, *rows])


def technical_list(folder: Path) -> Path:
    """Headers of another language with their technical names in brackets."""
    header = ["Zakład (WERKS)", "Stanowisko (ARBPL)", "Zlecenie (AUFNR)", "Operacja (VORNR)", "Potw. (RUECK)"]
    header += ["Licznik (RMZHL)", "Ilość dobra (LMNGA)", "Braki (XMNGA)", "JM (MEINH)", "Data księg. (BUDAT)"]
    rows = [
        ["1000", "PRS01", str(at), "0010", str(at), "1", 90, 10, "ST", datetime.combine(day, time())]
        for at, day in enumerate(DAYS)
    ]
    return book(folder / "Potwierdzenia.xlsx", [header, *rows])


LAYOUTS = {
    "german": (german_log, 6),
    "french": (french_log, 6),
    "portuguese": (portuguese_confirmations, 6),
    "chinese": (chinese_confirmations, 6),
    "tabs": (tab_list, 7),
    "american": (american_log, 6),
    "technical": (technical_list, 6),
}


@pytest.mark.stack
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_proposed_reads_every_row(site: Site, tmp_path: Path, layout: str) -> None:
    make, rows = LAYOUTS[layout]
    path = make(tmp_path)

    proposal = suggest(site.settings, path)
    contract = site.take(proposal)
    checked = site.check(path)

    assert proposal.problems == ()
    assert checked.sheet.publication.contract == contract.contract_id
    assert checked.judgement.faults == ()
    assert (checked.rows, checked.judgement.verdicts.accepted) == (rows, rows)


def test_a_start_that_is_a_time_takes_its_date_from_another_column(tmp_path: Path) -> None:
    proposal = suggest(Settings(), german_log(tmp_path))
    taken = {guess.cell.text: (guess.field, guess.is_sure) for guess in proposal.columns}

    assert proposal.header_row == 3
    assert proposal.sheet == "Data"
    assert taken["Datum"] == ("start_date", False)
    assert taken["Von"] == ("start_time", False)
    assert taken["Bis"] == ("end_time", False)
    assert taken["Schicht"] == (None, False)
    assert "UNSURE, its values are dates, and start_time has no date yet." in proposal.yaml
    assert "#   H \"Schicht\" (no known header is like it): 'Früh'" in proposal.yaml
    assert any("no column for plant" in doubt for doubt in proposal.unsure)


def test_the_locale_is_what_the_values_prove(tmp_path: Path) -> None:
    proposal = suggest(Settings(), portuguese_confirmations(tmp_path))
    locale = Contract.from_yaml(proposal.yaml, "proposed").locale

    assert (locale.decimal, locale.thousands, locale.dates[0]) == (",", ".", "%Y-%m-%d")
    assert "6 numbers are grouped by '.'" in proposal.yaml
    french = suggest(Settings(), french_log(tmp_path))
    assert "of 12 dates like 02/03/2026 12 are in order %d/%m/%Y; 8 of them would also fit %m/%d/%Y" in french.yaml


def test_headers_that_are_only_like_known_ones_are_unsure(tmp_path: Path) -> None:
    proposal = suggest(Settings(), american_log(tmp_path))

    assert 'column B "Stop ID number" was taken for interaction_id: like the known header "stop id"' in proposal.unsure
    assert Contract.from_yaml(proposal.yaml, "proposed").locale.dates == ("%m/%d/%Y",)


def test_a_name_that_says_period_and_export_time_is_used(tmp_path: Path) -> None:
    proposal = suggest(Settings(), tab_list(tmp_path))
    contract = Contract.from_yaml(proposal.yaml, "proposed")

    assert contract.text is not None
    assert contract.locale.trailing_minus
    assert contract.period is not None
    assert "unique over the 7 rows looked at" in proposal.yaml


@pytest.mark.long
@pytest.mark.stack
def test_workbooks_that_a_shipped_contract_reads_need_none(site: Site, tmp_path: Path) -> None:
    simulated = simulate(tmp_path / "company", days=1, plants=2, seed=3)
    shutil.copy(simulated.site / "site.yaml", site.folder)
    for path in simulated.workbooks:
        proposal = suggest(site.settings, path)
        contract = Contract.from_yaml(proposal.yaml, path.name)

        assert contract in load_contracts(None).newest
        assert "reads this file as it stands: no contract of your own is needed" in proposal.yaml
        site.take(proposal)
        assert site.check(path).judgement.verdicts.accepted > 0


def test_no_known_header_at_all_is_said_in_words(tmp_path: Path) -> None:
    path = book(tmp_path / "recipes.xlsx", [["Flour", "Sugar"], [1, 2]], "Cakes")

    with pytest.raises(NothingRecognised, match=r'^recipes\.xlsx: no row has three headers.*"Cakes": Flour, Sugar'):
        suggest(Settings(), path)


def test_a_field_that_no_row_can_do_without_is_a_problem(tmp_path: Path) -> None:
    path = book(
        tmp_path / "short.xlsx", [["Plant", "Work Center", "Order", "Activity", "Yield"], ["1", "P", "2", "3", 4]]
    )

    proposal = suggest(Settings(), path)

    assert [problem.partition(" and no column")[0] for problem in proposal.problems] == [
        "confirmations need confirmation",
        "confirmations need counter",
    ]
    assert "there is no column for scrap_qty: it counts as 0 in every row" in proposal.unsure
    assert "# MISSING: confirmations need counter" in proposal.yaml


def test_the_model_can_be_asked_for(tmp_path: Path) -> None:
    header = ["Plant", "Work Center", "Material", "Start date", "End date", "Reason"]
    path = book(tmp_path / "mixed.xlsx", [header, ["1", "P", "M", "2026-03-02", "2026-03-02", "x"]])

    proposals = [suggest(Settings(), path, model=model) for model in ("interactions", "confirmations")]

    assert [
        f"feeds: {model}" in one.yaml for model, one in zip(("interactions", "confirmations"), proposals, strict=True)
    ] == [
        True,
        True,
    ]
