"""Python handlers, read with `ast`."""
