"""A report as people and programs read it: one file per format."""
