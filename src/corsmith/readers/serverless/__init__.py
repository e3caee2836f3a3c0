"""Serverless Framework services: what `serverless package` makes of them, with every value's place in the files."""
