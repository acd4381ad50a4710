"""The labelled data as a file with its data card: asked for, made, and shared or written."""
