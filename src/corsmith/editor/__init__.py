"""corsmith inside other programs: editors (the Language Server Protocol) and agents (the Model Context Protocol)."""
