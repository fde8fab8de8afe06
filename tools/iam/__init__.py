"""The IAM policies of the workshop: made from a table, held against what notebooks call."""
