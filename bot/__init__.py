"""A Slack bot through which a team labels images with a model's help and never has to trust the model blindly."""

import os

# Read once, when gRPC is first imported. With its fork handlers on, a process that we start (PostgreSQL, the model) can
# die between fork and exec; we only ever start other programs, for which they are of no use.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
