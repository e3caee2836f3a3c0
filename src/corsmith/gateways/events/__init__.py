"""The exact events that front doors send to functions and to Lambda authorizers."""
