"""What the repository runs for itself: the demo, and the documents that take their text from the code."""
