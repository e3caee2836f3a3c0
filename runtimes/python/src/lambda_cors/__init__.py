"""CORS headers on every response of an AWS Lambda function, errors included."""

__version__ = "0.1.0"
