"""Schemathesis makes requests out of docs/api/openapi.json and looks whether the answers are those that it promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.conftest import empty_stack
from te_assets_tests.gateway.serving import SECONDS, Gateway, served
from te_assets_tests.gateway.test_answers import DAY, STOP, problem
from te_assets_tests.lake.emptying import Emptying

pytestmark = pytest.mark.stack

DOCUMENT = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
# Tokens are sent by the tests: where Schemathesis took one away and a test gave it back, valid was called invalid.
CONFIG = {"seed": 1, "generation": {"with-security-parameters": False}}
INTERFACE = schemathesis.openapi.from_path(DOCUMENT, config=SchemathesisConfig.from_dict(CONFIG))
UNLIKELY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SHORT = settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=UNLIKELY)
ENOUGH = settings(SHORT, max_examples=100)  # some of them fit February, too
LONG = settings(max_examples=1_000, database=None, deadline=None, suppress_health_check=UNLIKELY)
# No schema says what a workbook is, which sources a site has, or that February has 28 days: what fits the document may
# be refused. That enough of it is taken for the rest to mean something is the test of the events below.
TOO_STRICT: list[schemathesis.CheckFunction] = [positive_data_acceptance]
Case: TypeAlias = schemathesis.Case[Any]


@pytest.fixture(scope="module")
def gateway(
    tmp_path_factory: pytest.TempPathFactory,
    kafka_server: KafkaServer,
    clickhouse_server: ClickHouseServer,
    emptying: Emptying,
) -> Iterator[Gateway]:
    """One for all requests of this module, which nobody slows down."""
    home = tmp_path_factory.mktemp("interface") / "home"
    with empty_stack(home, kafka_server, clickhouse_server, emptying) as stack:
        unhurried = stack.settings.model_copy(update={"gateway_requests_per_second": 1e6})
        with served(unhurried) as gateway:
            yield gateway


@INTERFACE.parametrize()
@SHORT
def test_the_interface_answers_as_its_document_says(case: Case, gateway: Gateway) -> None:
    case.call_and_validate(gateway.url, headers=gateway.headers(None), excluded_checks=TOO_STRICT)


@pytest.mark.long
@INTERFACE.parametrize()
@LONG
def test_the_interface_answers_as_its_document_says_however_long_one_looks(case: Case, gateway: Gateway) -> None:
    case.call_and_validate(gateway.url, headers=gateway.headers(None), excluded_checks=TOO_STRICT)


@pytest.mark.parametrize("model", ["interactions", "confirmations"])
def test_events_that_fit_the_document_are_taken(gateway: Gateway, model: str) -> None:
    """An instant was any text to the document: of a thousand generated events none got past the first check."""
    answers = Counter[int]()

    @ENOUGH
    @given(case=INTERFACE[f"/v1/events/{model}"]["POST"].as_strategy())
    def post(case: Case) -> None:
        case.query = {}
        answer = case.call_and_validate(gateway.url, headers=gateway.headers(None), excluded_checks=TOO_STRICT)
        answers[answer.status_code] += 1

    post()

    assert set(answers) <= {202, 422}
    assert answers[202] >= 5  # quantities of more than three decimals and the 31st of February are 422


@INTERFACE.include(path_regex="^/v1/").parametrize()
@SHORT
def test_without_a_token_whatever_is_asked_is_not_answered(case: Case, gateway: Gateway) -> None:
    answer = case.call_and_validate(gateway.url, excluded_checks=TOO_STRICT)

    if answer.status_code != 405:  # a method that there is not
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:te-assets:problem:no-token")


ODD_TYPES = [
    *("", "application/json", "text/plain; boundary=b", "multipart/mixed; boundary=b", "multipart/form-data"),
    *("multipart/form-data; boundary=", 'multipart/form-data; boundary="', "multipart/form-data; boundary=" + "b" * 80),
    *("multipart/form-data; boundary=é", "multipart/form-data; charset=utf-16; boundary=b", ";;;=", "b" * 5_000),
]


@pytest.mark.parametrize("kind", ODD_TYPES)
def test_odd_content_types_are_answered_as_documented(gateway: Gateway, kind: str, tmp_path: Path) -> None:
    book = confirmation_book(tmp_path / "a.xlsx", [confirmation(1, DAY)]).read_bytes()
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + book + b"\r\n--b--\r\n"
    headers: dict[str, str | bytes] = {**gateway.headers(None), "Content-Type": kind.encode("latin-1")}
    answer = requests.post(f"{gateway.url}/v1/files", data=body, headers=headers, timeout=SECONDS)

    INTERFACE["/v1/files"]["POST"].validate_response(answer)
    assert answer.status_code in ({200, 202} if "charset" in kind else {400, 415})


@pytest.mark.parametrize("wanted", ["", "*/*", "text/html", "application/xml;q=0", "application/json;q=0", ";,/é"])
def test_whatever_a_client_would_accept_it_is_answered_in_json(gateway: Gateway, wanted: str) -> None:
    """A robot that asks for XML is better off with the reason in JSON than with 406 and none."""
    headers: dict[str, str | bytes] = {**gateway.headers(None), "Accept": wanted.encode("latin-1")}
    url = f"{gateway.url}/v1/events/interactions"
    taken = requests.post(url, json=STOP, headers=headers, timeout=SECONDS)
    refused = requests.post(url, json={}, headers=headers, timeout=SECONDS)

    INTERFACE["/v1/events/interactions"]["POST"].validate_response(taken)
    assert (taken.status_code, taken.headers["content-type"]) == (202, "application/json")
    assert problem(refused, 422, "event-faulty")["faults_in_all"] == 4
