"""Parameter overrides of SAM CLI's configuration."""

from __future__ import annotations

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.readers import Settings, read
from corsmith.readers.samconfig import overrides

WAYS = {
    "one text": 'parameter_overrides = "Stage=prod Site=\\"https://a b.example.com\\""',
    "the long form": 'parameter_overrides = "ParameterKey=Stage,ParameterValue=prod '
    'ParameterKey=Site,ParameterValue=\\"https://a b.example.com\\""',
    "a list": 'parameter_overrides = ["Stage=prod", "Site=\'https://a b.example.com\'"]',
    "a table": 'parameter_overrides = {Stage = "prod", Site = "https://a b.example.com"}',
}


@pytest.mark.parametrize("way", WAYS)
def test_the_ways_to_write_overrides(way: str) -> None:
    tree = Tree(Memory({"app/samconfig.toml": "version = 0.1\n[default.deploy.parameters]\n" + WAYS[way] + "\n"}))
    assert overrides(tree, "app/t.yaml", None) == {"Stage": "prod", "Site": "https://a b.example.com"}


def test_the_environment_and_the_command_are_chosen() -> None:
    text = """\
[default.global.parameters]
parameter_overrides = "A=global"
[default.deploy.parameters]
stack_name = "x"
[live.deploy.parameters]
parameter_overrides = "A=live"
"""
    tree = Tree(Memory({"samconfig.toml": text}))
    assert overrides(tree, "t.yaml", None) == {"A": "global"}
    assert overrides(tree, "t.yaml", "live") == {"A": "live"}
    assert overrides(tree, "t.yaml", "other") == {}


def test_yaml_is_read_too() -> None:
    tree = Tree(Memory({"samconfig.yaml": "default:\n  deploy:\n    parameters:\n      parameter_overrides: [A=1]\n"}))
    assert overrides(tree, "t.yaml", None) == {"A": "1"}


@pytest.mark.parametrize(
    "text",
    [
        "[broken",
        "default = 1",
        "[default.deploy]\nparameters = 3",
        "[default.deploy.parameters]\nparameter_overrides = 3",
    ],
)
def test_a_file_that_says_nothing_gives_nothing(text: str) -> None:
    assert overrides(Tree(Memory({"samconfig.toml": text})), "t.yaml", None) == {}


def test_overrides_reach_the_model() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Parameters: { Site: { Type: String, Default: "https://default.example.com" } }
Resources:
  A: { Type: AWS::Serverless::HttpApi, Properties: { CorsConfiguration: { AllowOrigins: [!Ref Site] } } }
"""
    tree = Tree(
        Memory(
            {
                "t.yaml": template,
                "samconfig.toml": '[default.deploy.parameters]\nparameter_overrides = "Site=https://set.example.com"',
            }
        )
    )
    for settings, expected in (
        (Settings(), "set"),
        (Settings({"Site": "https://given.example.com"}), "given"),
        (Settings(config_env="none"), "default"),
    ):
        api = read(tree, "t.yaml", settings)
        assert api is not None
        assert [declared.text for declared in api.declared_origins][-1] == f"https://{expected}.example.com"
