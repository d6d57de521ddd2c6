"""A robot that exports workbooks from a web portal as a person would, and delivers each of them once."""
