"""The knots: several words on one side that stand for several on the other."""
