"""What to build and how traffic runs on it, as rows, with its reader and writer."""
