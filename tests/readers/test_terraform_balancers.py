"""Load balancers in Terraform: whether their addresses are private."""

from __future__ import annotations

import pytest

from corsmith.api.alb import Alb
from corsmith.api.value import Known

from .terraform import api_of

LISTENER = """\
resource "aws_lb" "front" {
  %s
  load_balancer_type = "application"
}
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.items.arn
  }
}
resource "aws_lb_target_group" "items" { target_type = "lambda" }
resource "aws_lb_target_group_attachment" "items" {
  target_group_arn = aws_lb_target_group.items.arn
  target_id        = aws_lambda_function.items.arn
}
resource "aws_lambda_function" "items" { function_name = "items" }
"""


@pytest.mark.parametrize(("stated", "private"), [("internal = true", True), ("internal = false", False), ("", False)])
def test_internal_is_the_scheme(stated: str, private: bool) -> None:
    (door,) = api_of(LISTENER % stated).front_doors
    assert isinstance(door, Alb)
    assert isinstance(door.private, Known)
    assert door.private.value is private
