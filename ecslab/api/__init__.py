"""The AWS face: requests in, answers out."""
