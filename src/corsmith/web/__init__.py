"""The tester as a web page, and the HTTP API under it.

Theory of operation: a visitor's form becomes a `Question`; `ask` lets the live check send it, through a dialer that
calls public addresses only; what came back becomes plain data for the templates. Nothing that a stranger sends is
shown unescaped, followed to a private address, or kept.
"""
