"""Service Auto Scaling: what services use is measured each minute, and their count follows."""

from ecslab.sandbox.scaling.scaler import Scaler

__all__ = ["Scaler"]
