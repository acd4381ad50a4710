"""What members do, and what the app hears of it."""
