"""Terraform and OpenTofu: a module's files, evaluated as far as they can be, become the resources of a template."""
