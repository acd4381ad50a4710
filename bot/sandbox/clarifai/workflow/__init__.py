"""The graph of a workflow and what each kind of node does."""
