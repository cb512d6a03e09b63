"""A plain statement: a goal, an action, a thought."""

from .kind import Kind

KIND = Kind("text")
