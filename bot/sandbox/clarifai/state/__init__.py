"""What the stand-in remembers; knows the platform's resources and nothing of requests and replies."""
