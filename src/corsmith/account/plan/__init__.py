"""What would repair an account: the calls in their order, what they end, and what they cannot do. Pure: nothing is sent here."""
