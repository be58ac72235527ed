"""What is typed on the pages of supervision, read."""
