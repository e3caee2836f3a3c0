"""Live judging: URLs over real HTTP, which layer answered, and real browsers as judges."""
