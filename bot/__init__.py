"""A Slack bot through which a team labels images with a model's help and never has to trust the model blindly."""
