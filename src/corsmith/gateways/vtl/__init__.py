"""The Velocity template language, as far as mapping templates use it for CORS.

What is not understood raises `Unsupported` and is never guessed.
"""
