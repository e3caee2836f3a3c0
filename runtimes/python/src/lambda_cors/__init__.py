"""CORS headers on every response of an AWS Lambda function, errors included."""

from lambda_cors.policy import Policy, PolicyError, Problem
from lambda_cors.wrapper import cors

__all__ = ["Policy", "PolicyError", "Problem", "cors"]
__version__ = "0.1.0"
