"""The labelling rules, in the team's words. Standard library and numpy only; no clock, no input or output."""
