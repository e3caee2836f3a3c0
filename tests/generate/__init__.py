"""One policy, generated, read back and judged."""
