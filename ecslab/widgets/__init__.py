"""What a learner touches in a notebook."""
