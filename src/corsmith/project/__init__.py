"""The pipeline: discover templates, read them, derive callers, judge every cell, run the rules, prove the fixes."""
