"""Small Terraform projects in memory."""

from __future__ import annotations

from corsmith.api.model import Api
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.readers import Settings, read
from corsmith.readers.nodes import Node
from corsmith.readers.terraform.world import World

FUNCTION = """
resource "aws_lambda_function" "fn" {
  function_name = "shop"
  handler       = "app.handler"
  runtime       = "python3.13"
  %s
}
"""
REST = """
resource "aws_api_gateway_rest_api" "api" { name = "shop" }
resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "get" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = aws_api_gateway_method.get.http_method
  type        = "HTTP_PROXY"
  uri         = "https://example.com"
}
resource "aws_api_gateway_method" "options" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "OPTIONS"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "options" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = aws_api_gateway_method.options.http_method
  type        = "MOCK"
}
resource "aws_api_gateway_integration_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = aws_api_gateway_method.options.http_method
  status_code = "200"
  depends_on  = [aws_api_gateway_integration.options]
}
locals {
  get     = [aws_api_gateway_integration.get.id]
  options = [aws_api_gateway_integration_response.options.id]
}
resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  deployment_id = aws_api_gateway_deployment.it.id
  stage_name    = "live"
}
resource "aws_api_gateway_deployment" "it" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  %s
}
"""


def api_of(main: str, files: dict[str, str] | None = None, settings: Settings | None = None) -> Api:
    """The Api of a root module whose main.tf is `main`."""
    tree = Tree(Memory({"main.tf": main, **(files or {})}))
    api = read(tree, "main.tf", settings or Settings())
    assert api is not None
    return api


def local(main: str, name: str = "x", files: dict[str, str] | None = None, settings: Settings | None = None) -> Node:
    """What the local value `name` of a root module comes to."""
    tree = Tree(Memory({"main.tf": main, **(files or {})}))
    world = World(tree, settings or Settings(), ".")
    return world.local(world.root(), name, Span("main.tf", 0, 0))
