"""What both HTTP services have in common: problems, one log line per request, counters, pages of the interface."""
