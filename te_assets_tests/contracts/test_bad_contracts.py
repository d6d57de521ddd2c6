"""Every rule of contracts broken once: the sentence names the origin, the line, what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from te_assets.contracts.model import Contract
from te_assets.contracts.yaml_source import ContractInvalid

STOPS = """\
source: stops
feeds: interactions
version: 1
header: {row: auto, depth: 1}
locale: {decimal: ",", thousands: ".", dates: ["%d.%m.%Y"]}
columns:
  work_center: {type: text, aliases: [Machine]}
  interaction_id: {type: text, aliases: [Ticket]}
  start_date: {type: date, aliases: [Day]}
  start_time: {type: time, aliases: [From]}
  end_time: {type: time, aliases: [To]}
  duration: {type: decimal, unit: min, aliases: [Minutes]}
  changed: {type: datetime, aliases: [Changed]}
combine:
  started_at: {date: start_date, time: start_time}
derive:
  ended_at: {from: started_at, plus: [duration]}
constants: {plant: "1000"}
business_key: [plant, work_center, interaction_id]
changed_at: changed
skip_rows_where:
  - {name: total, column: work_center, matches: '^Total'}
period: {file_name: '(?P<from>\\S+) (?P<to>\\S+)'}
export_time: [{file_name: '(?P<at>\\d+)'}, first_seen]
rules:
  - {name: in_order, left: ended_at, is: ">=", right: started_at, message: end before start, unless: [end_time]}
"""

COUNTS = """\
source: counts
feeds: confirmations
version: 1
columns:
  work_center: {type: text, aliases: [Machine]}
  order_id: {type: text, aliases: [Job]}
  finished_at: {type: datetime, aliases: [Finished]}
  total_qty: {type: decimal, aliases: [Total]}
  good_qty: {type: decimal, aliases: [Good]}
  scrap_qty: {type: decimal, aliases: [Bad]}
derive:
  scrap_qty: {from: total_qty, minus: [good_qty]}
make:
  confirmation: [order_id, finished_at]
constants: {operation: "0010", counter: "1"}
constants_from:
  plant: {cell: B2}
business_key: [plant, confirmation, counter]
stand_in:
  - {missing: good_qty, use: {good_qty: total_qty}}
"""

MATRIX = """\
source: matrix
feeds: interactions
version: 1
columns:
  work_center: {type: text, aliases: [Machine]}
  started_at: {type: datetime, aliases: [Shift]}
  duration: {type: decimal, unit: min}
unpivot:
  columns: {Jam: "110", Break: "300"}
make:
  interaction_id: [work_center, started_at, reason_code]
business_key: [plant, work_center, interaction_id]
"""


@dataclass(frozen=True)
class Broken:
    """One change that breaks a contract: what is replaced, and what a person reads of which line."""

    contract: str
    good: str
    bad: str
    line: int
    sentence: str


ALIAS = "the header 'machine' already means work_center; give it to one of them"
CASES = {
    # the document
    "source": Broken(STOPS, "source: stops", "source: My Stops", 1, "source: String should match pattern"),
    "version": Broken(STOPS, "version: 1", "version: 0", 3, "version: Input should be greater than or equal to 1"),
    "feeds": Broken(
        STOPS, "feeds: interactions", "feeds: stops", 2, "feeds: Input should be 'interactions' or 'confirmations'"
    ),
    "unknown_key": Broken(
        STOPS,
        "columns:",
        "colums: {}\ncolumns:",
        6,
        "colums: is not a key of contracts; remove it or mend its spelling",
    ),
    "no_key": Broken(
        STOPS, "business_key: [plant, work_center, interaction_id]\n", "", 1, "business_key: is missing; add it"
    ),
    "tab": Broken(STOPS, "version: 1", "version:\t[", 3, "is no YAML"),
    # header, match and locale
    "depth": Broken(STOPS, "depth: 1", "depth: 3", 4, "header.depth: Input should be less than or equal to 2"),
    "separators": Broken(
        STOPS,
        'thousands: "."',
        'thousands: ","',
        5,
        "locale: decimal and thousands separator are both ','; they must differ",
    ),
    "thousands_alone": Broken(
        STOPS, 'decimal: ",", ', "", 5, "locale: thousands is declared and decimal is not; declare both"
    ),
    "date_order": Broken(
        STOPS,
        "%d.%m.%Y",
        "%d.%m.",
        5,
        "locale.dates: '%d.%m.': a date order has %d, %m and one of %Y and %y, each once",
    ),
    "date_separator": Broken(
        STOPS,
        "%d.%m.%Y",
        "%d %m %Y",
        5,
        "locale.dates: '%d %m %Y': only - . and / may stand between the parts of a date",
    ),
    "two_orders": Broken(
        STOPS,
        '"%d.%m.%Y"',
        '"%d/%m/%Y", "%m/%d/%Y"',
        5,
        "locale.dates: two date orders differ only in day and month, so 02/03/2026 would be either; declare one",
    ),
    "zone": Broken(
        STOPS,
        "version: 1",
        "version: 1\ntimezone: CEST+1",
        4,
        "timezone: 'CEST+1' is neither 'plant' nor an IANA time zone; write plant or a name such as Europe/Berlin",
    ),
    # columns
    "no_columns": Broken(
        MATRIX,
        MATRIX[MATRIX.index("columns:") : MATRIX.index("unpivot:")],
        "columns: {}\n",
        4,
        "columns: is empty; name at least the required fields",
    ),
    "unit_of_text": Broken(
        STOPS,
        "work_center: {type: text,",
        "work_center: {type: text, unit: min,",
        7,
        "columns.work_center: unit is for columns of type decimal, this one is of type text; remove it",
    ),
    "unit_of_quantity": Broken(
        COUNTS,
        "good_qty: {type: decimal,",
        "good_qty: {type: decimal, unit: h,",
        9,
        "columns.good_qty: unit is for durations (duration); remove it",
    ),
    "zero_pad_of_number": Broken(
        COUNTS,
        "good_qty: {type: decimal,",
        "good_qty: {type: decimal, zero_pad: 4,",
        9,
        "columns.good_qty: zero_pad is for columns of type text, this one is of type decimal; remove it",
    ),
    "suffix": Broken(
        COUNTS,
        "good_qty: {type: decimal,",
        "good_qty: {type: decimal, suffix_aliases: [Yield],",
        9,
        "columns.good_qty: suffix_aliases need a suffix; add it",
    ),
    "no_unit": Broken(
        STOPS,
        "duration: {type: decimal, unit: min,",
        "duration: {type: decimal,",
        12,
        "columns.duration: a duration is of type decimal and has a unit (ms, s, min or h); give it both",
    ),
    "unused": Broken(
        STOPS,
        "  changed:",
        "  reason_cod: {type: text}\n  changed:",
        13,
        "columns.reason_cod: interactions has no such field and nothing in the contract uses it "
        "(close: reason_code); rename or remove it",
    ),
    "type": Broken(
        COUNTS,
        "order_id: {type: text,",
        "order_id: {type: integer,",
        6,
        "columns.order_id: is of type text in confirmations, not integer; write type: text",
    ),
    "two_owners": Broken(STOPS, "[Ticket]", "[machine]", 8, f"columns.interaction_id: {ALIAS}"),
    "empty_alias": Broken(
        STOPS,
        "[Ticket]",
        '["--"]',
        8,
        "columns.interaction_id: an alias has neither letters nor digits; remove it",
    ),
    "field_without_source": Broken(
        STOPS,
        "  interaction_id: {type: text, aliases: [Ticket]}\n",
        "",
        1,
        "interaction_id: interactions needs it; give it a column, a combination or a constant, or make it",
    ),
    # combinations and constants
    "no_instant": Broken(
        STOPS,
        "  started_at: {date",
        "  work_center: {date: start_date, time: end_time}\n  started_at: {date",
        15,
        "combine.work_center: interactions has no instant of this name; name started_at or another",
    ),
    "no_date_column": Broken(
        STOPS,
        "{date: start_date, time",
        "{date: start_dat, time",
        15,
        "combine.started_at: there is no column start_dat (close: start_date); add it",
    ),
    "time_for_date": Broken(
        STOPS,
        "{date: start_date, time",
        "{date: end_time, time",
        15,
        "combine.started_at: column end_time is of type time, needed is date; mend one of them",
    ),
    "not_before": Broken(
        STOPS,
        "time: start_time}",
        "time: start_time, not_before: ended_at}",
        15,
        "combine.started_at: not_before names ended_at, which is not combined; name a combined instant",
    ),
    "not_before_each_other": Broken(
        STOPS,
        "  started_at: {date: start_date, time: start_time}",
        "  started_at: {date: start_date, time: start_time}\n"
        "  ended_at: {date: start_date, time: end_time, not_before: ended_at}",
        16,
        "combine.ended_at: not_before names ended_at, which has a not_before itself; remove one of them",
    ),
    "constant": Broken(
        STOPS, "{plant:", "{plnt:", 18, "constants.plnt: interactions has no such field (close: plant); rename it"
    ),
    # keys, rules and skipped rows
    "key": Broken(
        STOPS,
        "business_key: [plant,",
        "business_key: [plants,",
        19,
        "business_key: interactions has no field plants (close: plant); name fields alone",
    ),
    "key_twice": Broken(
        STOPS,
        "business_key: [plant,",
        "business_key: [work_center,",
        19,
        "business_key: a field stands twice; name each once",
    ),
    "changed_at": Broken(
        STOPS,
        "changed_at: changed",
        "changed_at: end_time",
        20,
        "changed_at: end_time is no column of type datetime; add it or write null",
    ),
    "skipped_column": Broken(
        STOPS,
        "column: work_center",
        "column: machine",
        22,
        "skip_rows_where.total: there is no column machine; name a column",
    ),
    "skip_says_two": Broken(
        STOPS,
        "matches: '^Total'}",
        "matches: '^Total', empty: [work_center]}",
        22,
        "skip_rows_where.0: give one of: column and matches; empty; repeated_header: true",
    ),
    "skip_pattern": Broken(
        STOPS,
        "'^Total'",
        "'^(Total'",
        22,
        "skip_rows_where.0: '^(Total' is no regular expression: missing ), unterminated subpattern at position 1; "
        "mend it",
    ),
    "period": Broken(
        STOPS,
        "(?P<from>",
        "(?P<begin>",
        23,
        "period.file_name: '(?P<begin>\\\\S+) (?P<to>\\\\S+)' has no group named from; write (?P<from>…)",
    ),
    "rule_operand": Broken(
        STOPS,
        "right: started_at, message",
        "right: start_at, message",
        26,
        "rules.in_order: there is no start_at (close: started_at); name a field or column",
    ),
    "rule_twice": Broken(
        STOPS,
        "rules:\n",
        "rules:\n  - {name: in_order, left: duration, is: '>=', right: 0, message: negative}\n",
        25,
        "rules: two rules are named in_order; rename one",
    ),
    "rule_comparison": Broken(
        STOPS,
        'is: ">="',
        'is: "=>"',
        26,
        "rules.0.is: Input should be '==', '!=', '<', '<=', '>' or '>='",
    ),
    "stand_in_column": Broken(
        COUNTS,
        "{good_qty: total_qty}",
        "{good_qty: total}",
        20,
        "stand_in.good_qty: there is no column total (close: total_qty); name a column",
    ),
    "stand_in_of_another": Broken(
        COUNTS,
        "{good_qty: total_qty}",
        "{scrap_qty: total_qty}",
        20,
        "stand_in.good_qty: use does not say what stands in for good_qty; add it",
    ),
    # computed fields
    "derive_nothing": Broken(
        COUNTS,
        "{from: total_qty, minus: [good_qty]}",
        "{from: total_qty}",
        12,
        "derive.scrap_qty: give plus or minus; a field that only has another name is an alias of its column",
    ),
    "derive_twice": Broken(
        COUNTS,
        "minus: [good_qty]",
        "minus: [good_qty, good_qty]",
        12,
        "derive.scrap_qty: a name stands twice; name each once",
    ),
    "derive_unknown": Broken(
        COUNTS,
        "{from: total_qty,",
        "{from: totl_qty,",
        12,
        "derive.scrap_qty: there is no totl_qty (close: total_qty); add a column of this name",
    ),
    "derive_no_field": Broken(
        COUNTS,
        "  scrap_qty: {from",
        "  scrapped: {from",
        12,
        "derive.scrapped: confirmations has no field scrapped; rename it",
    ),
    "derive_itself": Broken(
        COUNTS,
        "minus: [good_qty]",
        "minus: [scrap_qty]",
        12,
        "derive.scrap_qty: scrap_qty is computed from itself; name the other fields",
    ),
    "derive_text": Broken(
        COUNTS,
        "  scrap_qty: {from",
        "  unit: {from",
        12,
        "derive.unit: only quantities, started_at and finished_at can be computed; use make for a text",
    ),
    "derive_of_text": Broken(
        COUNTS,
        "minus: [good_qty]",
        "minus: [order_id]",
        12,
        "derive.scrap_qty: order_id is no quantity; give it a column of type decimal without unit",
    ),
    "derive_end_by_minus": Broken(
        STOPS,
        "plus: [duration]",
        "minus: [duration]",
        17,
        "derive.ended_at: write {from: started_at, plus: [duration]}, with a column of a duration",
    ),
    "derive_end_of_no_duration": Broken(
        STOPS,
        "plus: [duration]",
        "plus: [end_time]",
        17,
        "derive.ended_at: end_time is no duration; give its column a unit (ms, s, min or h)",
    ),
    # made fields and values beside the table
    "make_unknown": Broken(
        COUNTS,
        "confirmation: [order_id",
        "confirmation: [order",
        14,
        "make.confirmation: there is no order (close: order_id); name a field or column",
    ),
    "make_number": Broken(
        COUNTS,
        "  confirmation: [order_id, finished_at]",
        "  confirmation: [order_id, finished_at]\n  good_qty: [order_id]",
        15,
        "make.good_qty: only texts such as an id or a counter can be made, not good_qty; give it a column",
    ),
    "make_of_nothing": Broken(
        COUNTS,
        "  confirmation: [order_id, finished_at]",
        "  confirmation: []",
        14,
        "make.confirmation: is empty; list the fields that tell one row from another",
    ),
    "make_of_made": Broken(
        COUNTS,
        "  confirmation: [order_id, finished_at]",
        "  confirmation: [order_id, finished_at]\n  unit: [confirmation]",
        15,
        "make.unit: confirmation is made itself; list what it is made of",
    ),
    "two_places": Broken(
        COUNTS,
        "{cell: B2}",
        "{cell: B2, right_of: Plant}",
        17,
        "constants_from.plant: give one of: cell; right_of; file_name; sheet_name",
    ),
    "no_value_group": Broken(
        COUNTS,
        "{cell: B2}",
        "{sheet_name: '(.*)'}",
        17,
        "constants_from.plant.sheet_name: '(.*)' has no group named value; write (?P<value>…)",
    ),
    "pattern_of_name": Broken(
        COUNTS,
        "{cell: B2}",
        "{file_name: '(?P<value>.*)', pattern: '(?P<value>.*)'}",
        17,
        "constants_from.plant: pattern is for cell and right_of; a file or sheet name is a pattern itself",
    ),
    "address": Broken(COUNTS, "cell: B2", "cell: 2B", 17, "constants_from.plant.cell: String should match pattern"),
    "constant_twice": Broken(
        COUNTS,
        'counter: "1"}',
        'counter: "1", plant: "1000"}',
        17,
        "constants_from.plant: plant is in constants too; keep one of them",
    ),
    "constant_of_no_field": Broken(
        COUNTS,
        "  plant: {cell: B2}",
        "  plant: {cell: B2}\n  factory: {cell: B3}",
        18,
        "constants_from.factory: there is no field or column factory; rename it",
    ),
    # the matrix
    "matrix_without_id": Broken(
        MATRIX,
        "started_at, reason_code]",
        "started_at]",
        8,
        "unpivot: a row gives several stops, so each needs an id of its own; write make: "
        "{interaction_id: [work_center, started_at, reason_code]}",
    ),
    "matrix_of_two_kinds": Broken(
        MATRIX, "unpivot:\n", "unpivot:\n  pattern: '(?P<name>.*)'\n", 8, "unpivot: give one of: columns; pattern"
    ),
    "matrix_of_nothing": Broken(
        MATRIX,
        '{Jam: "110", Break: "300"}',
        "[]",
        8,
        "unpivot: columns is empty; name the headers, or write '*' for all that have no field",
    ),
    "matrix_but_not": Broken(
        MATRIX,
        "unpivot:\n",
        "unpivot:\n  but_not: [Sum]\n",
        8,
        "unpivot: but_not is for '*' and pattern; a list names its columns itself",
    ),
    "matrix_unit": Broken(
        MATRIX,
        "  duration: {type: decimal, unit: min}",
        "  minutes: {type: decimal}",
        8,
        "unpivot: columns.duration must tell type: decimal and the unit of the cells (ms, s, min or h)",
    ),
    "matrix_value_alias": Broken(
        MATRIX,
        "unit: min}",
        "unit: min, aliases: [Min]}",
        8,
        "unpivot: columns.duration is read from the matrix; remove its aliases",
    ),
    "matrix_end": Broken(
        MATRIX,
        "  duration:",
        "  ended_at: {type: datetime, aliases: [Until]}\n  duration:",
        9,
        "unpivot: a stop ends after its duration; give what the row ends at a column not called ended_at",
    ),
    "matrix_header": Broken(
        MATRIX,
        "{Jam:",
        '{machine: "100", Jam:',
        8,
        "unpivot: the header 'machine' already means work_center; give it to one of them",
    ),
    "matrix_header_twice": Broken(
        MATRIX,
        "{Jam:",
        '{JAM: "100", Jam:',
        8,
        "unpivot: the header 'Jam' stands twice or has neither letters nor digits; name each once",
    ),
    "matrix_of_numbers": Broken(
        MATRIX,
        "unpivot:\n",
        "unpivot:\n  name: started_at\n",
        8,
        "unpivot: name is started_at; it must be a text field such as reason_code or reason_text",
    ),
}


@pytest.mark.parametrize("contract", [STOPS, COUNTS, MATRIX], ids=["stops", "counts", "matrix"])
def test_the_contracts_are_sound_before_they_are_broken(contract: str) -> None:
    assert Contract.from_yaml(contract, "x.yaml").version == 1


@pytest.mark.parametrize("name", CASES)
def test_a_broken_rule_is_told_with_origin_line_and_remedy(name: str) -> None:
    broken = CASES[name]
    assert broken.contract.count(broken.good) == 1
    text = broken.contract.replace(broken.good, broken.bad)

    with pytest.raises(ContractInvalid) as caught:
        Contract.from_yaml(text, "sources/bad.yaml")

    told = str(caught.value).splitlines()
    assert [line for line in told if line.startswith(f"sources/bad.yaml, line {broken.line}: {broken.sentence}")], told


def test_a_matrix_of_confirmations_is_refused() -> None:
    """A row's yield would count once for each of its reasons."""
    text = COUNTS + "unpivot:\n  columns: '*'\n"

    with pytest.raises(
        ContractInvalid, match="line 21: unpivot: a matrix feeds interactions; for confirmations every row"
    ):
        Contract.from_yaml(text, "sources/bad.yaml")
