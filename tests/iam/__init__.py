"""The IAM policies: what they allow, held against what is called."""
