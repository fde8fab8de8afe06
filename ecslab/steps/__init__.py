"""The workshop's steps over a given boto3 session."""
