"""JUnit XML: it parses whatever names are in it, and its counts are those of its cases."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from .hostile import NAMES, check

ROOT = Path(__file__).parents[2]


def suites(*arguments: str) -> ElementTree.Element:
    root = ElementTree.fromstring(check(*arguments, "--format", "junit").stdout)
    for suite in root:
        assert suite.get("tests") == str(len(suite))
        for number, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(number) == str(len(suite.findall(f"testcase/{tag}")))
    for number in ("tests", "failures", "errors", "skipped"):
        assert root.get(number) == str(sum(int(suite.get(number, "")) for suite in root))
    return root


@pytest.fixture
def _root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("_root")
def test_a_route_with_an_error_fails_and_one_without_passes() -> None:
    root = suites("examples/storefront")
    cases = {case.get("name"): case for case in root.iterfind("testsuite[@name='rest_api CartApi']/testcase")}
    failure = cases["GET /carts/1"].find("failure")
    assert failure is not None
    assert failure.get("type") == "handler-missing-headers-on-error"
    assert "the browser prints: Access to fetch at" in (failure.text or "")
    assert cases["GET /carts/1"].get("file") == "examples/storefront/src/cart.py"
    passing = suites("examples/storefront", "--select", "rest-no-options-method").iterfind(
        "testsuite[@name='rest_api CartApi']/testcase[@name='GET /carts/1']"
    )
    assert [len(case) for case in passing] == [0]


@pytest.mark.usefixtures("_root")
@pytest.mark.parametrize(("fail_on", "fails"), [("error", False), ("warning", True), ("never", False)])
def test_what_fails_is_what_the_exit_code_counts(fail_on: str, fails: bool) -> None:
    flags = ("--select", "rest-missing-gateway-responses", "--fail-on", fail_on)
    root = suites("examples/storefront", *flags)
    assert (int(root.get("failures", "")) > 0) is fails
    assert (check("examples/storefront", *flags).exit_code == 1) is fails
    assert fails or root.find(".//system-out") is not None


def test_hostile_names_arrive_whole(hostile: Path) -> None:
    root = suites(str(hostile))
    names = {case.get("name") for case in root.iter("testcase")}
    assert {f"GET /{name}" for name in NAMES} <= names


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    root = suites("a\x01b.yaml")
    (error,) = root.iter("error")
    assert error.get("message") == "no such file or folder"
    assert next(root.iter("testcase")).get("file") == "a\ufffdb.yaml"
