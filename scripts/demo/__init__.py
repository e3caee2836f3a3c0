"""The demo: a broken shop is served, judged, repaired and judged again. `make demo` runs it."""
