"""Commands about people."""

commands = []
