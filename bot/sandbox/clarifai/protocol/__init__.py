"""Requests in, replies out: one class per area of the API over the state."""
