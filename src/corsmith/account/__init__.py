"""What is really deployed: read through the AWS API, judged like a template, compared with stages and with the project."""
