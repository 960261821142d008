"""Commands about installation."""

commands = []
