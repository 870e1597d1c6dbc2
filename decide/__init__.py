"""What is concluded: matching, comparison, plans, printing, and the command line."""

__version__ = "0.1.0"
