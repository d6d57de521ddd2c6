"""The site profile: plants, time zones, shift calendars, reasons and policies; the model, its YAML and its tables."""
