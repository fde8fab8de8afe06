"""The composition root and the background process."""
