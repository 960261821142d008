"""The ceremony: screens in the hall, and the reveal of results step by step."""
