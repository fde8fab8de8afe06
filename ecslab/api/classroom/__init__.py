"""A sandbox that a class shares: who signs a request, and what of the sandbox is theirs.

A thin layer in front of the AWS face, which knows nothing of it: a token a learner, which is an AWS
key pair; signatures that are checked; a policy as IAM's would be; answers without what is others'.
"""
