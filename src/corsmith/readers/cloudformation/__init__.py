"""CloudFormation templates, resource by resource."""
