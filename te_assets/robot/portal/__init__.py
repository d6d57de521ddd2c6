"""A portal like those that the robot works with: a simulated plant's records, with a login, forms, and moods."""
