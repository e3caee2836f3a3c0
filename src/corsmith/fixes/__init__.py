"""Edits that repair: minimal text edits at spans, one file per dialect or language. Pure: the caller applies them."""
