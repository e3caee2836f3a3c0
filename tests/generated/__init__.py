"""Generated projects: correct ones in every dialect, and the same with one fault planted."""
