"""The model that everything else stands on: what a project deploys, and what was found about it. Pure: no I/O."""
