"""SAM templates: what aws-sam-translator makes of them, with every value's place in the template."""
