"""Numbers as people and systems write them, read by the real engine and compared with a plain Python reading."""

from __future__ import annotations

import json
import re
from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets.contracts.model import Contract
from te_assets.contracts.model_parts import Locale
from te_assets_tests.contracts.conftest import Typist, confirmation

pytestmark = pytest.mark.stack

UNDECLARED = Locale(trailing_minus=True)
GERMAN = Locale(decimal=",", thousands=".", trailing_minus=True)
ENGLISH = Locale(decimal=".", thousands=",")
SWISS = Locale(decimal=".", thousands="'")
FRENCH = Locale(decimal=",", thousands=" ")
PLAIN_COMMA = Locale(decimal=",", thousands="")
LOCALES = {
    "undeclared": UNDECLARED,
    "german": GERMAN,
    "english": ENGLISH,
    "swiss": SWISS,
    "french": FRENCH,
    "plain_comma": PLAIN_COMMA,
}


def reference(text: str, locale: Locale, *, is_json_number: bool = False) -> tuple[Decimal | None, str | None]:
    """(value with 3 decimals, rule that it breaks) of a cell: the second reading, written without the first."""
    text = re.sub(r'^="(.*)"$', r"\1", text.strip(" \t\n\u00a0\u202f"))
    if text == "":
        return Decimal(0), None
    plain = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
    if is_json_number:
        return _rounded(text)
    sign, digits = "", text
    if locale.trailing_minus and text.endswith("-") and text[0] not in "+-":
        sign, digits = "-", text[:-1]
    if locale.decimal is None:
        if re.fullmatch(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}", digits):
            return Decimal(0), "ambiguous_number"
        understood = plain.fullmatch(digits) if not sign else re.fullmatch(r"[0-9]+(\.[0-9]+)?", digits)
        return _rounded(sign + digits) if understood else (Decimal(0), "not_a_number")
    point = re.escape(locale.decimal)
    if locale.thousands:
        group = "[ \u00a0\u202f\u2009]" if locale.thousands == " " else re.escape(locale.thousands)
        if re.fullmatch(rf"[+-]?[0-9]{{1,3}}({group}[0-9]{{3}})+({point}[0-9]+)?", digits):
            return _rounded(sign + re.sub(group, "", digits).replace(locale.decimal, "."))
    if re.fullmatch(rf"[+-]?([0-9]+{point}[0-9]+|{point}[0-9]+|[0-9]+)", digits):
        return _rounded(sign + digits.replace(locale.decimal, "."))
    if not sign and plain.fullmatch(digits) and (locale.decimal == "." or "." not in digits):
        return _rounded(digits)
    return Decimal(0), "not_a_number"


def _rounded(numeral: str) -> tuple[Decimal, str | None]:
    number = Decimal(numeral)
    if abs(number) >= Decimal("1e15"):
        return Decimal(0), "number_out_of_range"
    exact = number.quantize(Decimal("1e-12"), ROUND_DOWN)
    value = exact.quantize(Decimal("0.001"), "ROUND_HALF_UP")
    return value, "precision" if abs(exact - value) > Decimal("1e-9") else None


SOME_LOCALES = [
    name if name in ("english", "german") else pytest.param(name, marks=pytest.mark.long) for name in LOCALES
]
KEPT = ("plant", "work_center", "order_id", "operation", "confirmation", "counter", "unit", "good_qty", "posted_at")


def contract_of(sap: Contract, locale: Locale) -> Contract:
    """The SAP layout with another locale, no rule on signs, and few columns: planning is what takes time."""
    columns = {name: sap.columns[name] for name in KEPT}
    bare: dict[str, Any] = {"combine": {}, "stand_in": (), "skip_rows_where": (), "rules": ()}
    return sap.model_copy(update={"locale": locale, "columns": columns, **bare})


def read(typist: Typist, contract: Contract, values: list[str]) -> list[tuple[Decimal | None, str | None]]:
    """(value, rule) of JSON texts in the column of the yield."""
    template = json.dumps(confirmation(good_qty="@"), ensure_ascii=False)
    rows = typist(contract, [template.replace('"@"', value) for value in values])
    return [(row["good_qty"], row["faults"][0]["rule"] if row["faults"] else None) for row in rows]


DIGITS = st.text("0123456789", min_size=1, max_size=17)
NUMERALS = st.one_of(
    st.builds(
        "".join,
        st.tuples(
            st.sampled_from(["", "-", "+", "--", " ", "\u00a0"]),
            st.lists(st.one_of(DIGITS, st.text("0123456789", min_size=3, max_size=3)), min_size=0, max_size=3).flatmap(
                lambda parts: st.sampled_from([",", ".", "'", " ", "\u00a0", ""]).map(lambda mark: mark.join(parts))
            ),
            st.sampled_from(["", ",", ".", ",5", ".5", ",25", ".125", ".1234", ",1234", "e3", "E-2", "e", ".e1"]),
            st.sampled_from(["", "-", " ", "+", "%"]),
        ),
    ),
    st.decimals(-(10**15), 10**15, places=3).map(str),
    st.text("0123456789.,'+-eE \u202f%x€ä", max_size=8),
)


@pytest.mark.parametrize("name", SOME_LOCALES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(NUMERALS, min_size=40, max_size=100))
def test_texts_are_read_as_the_locale_writes_them(typist: Typist, sap: Contract, name: str, texts: list[str]) -> None:
    locale = LOCALES[name]

    found = read(typist, contract_of(sap, locale), [json.dumps(text) for text in texts])

    assert dict(zip(texts, found, strict=True)) == {text: reference(text, locale) for text in texts}


@pytest.mark.parametrize("name", SOME_LOCALES)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(
        st.floats(allow_nan=False, allow_infinity=False, width=64) | st.integers(-(2**62), 2**62),
        min_size=150,
        max_size=250,
    )
)
def test_json_numbers_are_read_the_same_under_every_locale(
    typist: Typist, sap: Contract, name: str, numbers: list[float]
) -> None:
    texts = [json.dumps(number) for number in numbers]

    found = read(typist, contract_of(sap, LOCALES[name]), texts)

    expected = [reference(text, LOCALES[name], is_json_number=True) for text in texts]
    assert list(zip(texts, found, strict=True)) == list(zip(texts, expected, strict=True))


@pytest.mark.parametrize(
    ("locale", "values"),
    [
        (GERMAN, {"2,5": "2.5", "1.234,56": "1234.56", "1.234": "1234", "155,22-": "-155.22", ",5": "0.5"}),
        (ENGLISH, {".5": "0.5", "1.234": "1.234"}),
        (FRENCH, {"12 345,5": "12345.5", "12\u202f345,5": "12345.5"}),
        (
            UNDECLARED,
            {
                '="000100"': "100",
                "12.5": "12.5",
                "0.125": "0.125",
                "1234.567": "1234.567",
                "12-": "-12",
                " 7\u00a0": "7",
            },
        ),
    ],
)
def test_numbers_of_real_exports(typist: Typist, sap: Contract, locale: Locale, values: dict[str, str]) -> None:
    found = read(typist, contract_of(sap, locale), [json.dumps(text) for text in values])

    assert dict(zip(values, found, strict=True)) == {text: (Decimal(value), None) for text, value in values.items()}


@pytest.mark.parametrize(
    ("locale", "refused"),
    [
        (
            UNDECLARED,
            {"2,5": "not_a_number", ".5": "not_a_number", "1.234": "ambiguous_number", "1.234,56": "not_a_number"},
        ),
        (GERMAN, {"1.23": "not_a_number", "1.2.3,4": "not_a_number", "-5-": "not_a_number"}),
        (
            ENGLISH,
            {
                "5-": "not_a_number",
                "1,23": "not_a_number",
                "-": "not_a_number",
                ".": "not_a_number",
                "NaN": "not_a_number",
                "Infinity": "not_a_number",
                "1e999": "number_out_of_range",
            },
        ),
    ],
)
def test_what_could_be_read_wrongly_is_refused(
    typist: Typist, sap: Contract, locale: Locale, refused: dict[str, str]
) -> None:
    found = read(typist, contract_of(sap, locale), [json.dumps(text) for text in refused])

    assert dict(zip(refused, found, strict=True)) == {text: (Decimal(0), rule) for text, rule in refused.items()}


def test_the_noise_of_floats_is_no_precision(typist: Typist, sap: Contract) -> None:
    found = read(typist, sap, ["0.30000000000000004", "2.9999999999999996", "1.0004", "100.0"])

    assert found == [(Decimal("0.3"), None), (Decimal(3), None), (Decimal("1.000"), "precision"), (Decimal(100), None)]


def test_a_json_number_of_three_decimals_is_not_ambiguous(typist: Typist, sap: Contract) -> None:
    assert read(typist, sap, ["1.234", '"1.234"']) == [(Decimal("1.234"), None), (Decimal(0), "ambiguous_number")]
