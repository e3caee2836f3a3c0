"""OpenAPI and Swagger definitions with Amazon API Gateway's extensions."""
