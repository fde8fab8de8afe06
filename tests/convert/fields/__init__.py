"""One file for each row of the table: read, expect, write, read again."""
