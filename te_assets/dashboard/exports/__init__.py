"""Tables as files: exactly the rows, columns, zone and rounding of the screen."""
