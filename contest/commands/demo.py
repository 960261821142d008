"""Commands about demo."""

commands = []
