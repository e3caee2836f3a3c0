"""Benchmarks: what corsmith costs, beside the tools one would run otherwise. `make bench` runs them all."""
