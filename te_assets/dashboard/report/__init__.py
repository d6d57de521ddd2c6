"""The overview as one file that can be mailed to people without access."""
