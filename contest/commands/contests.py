"""Commands about contests."""

commands = []
