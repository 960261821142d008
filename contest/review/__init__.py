"""Appeals, the public notice (公示) with its objections, and corrections of what was published."""
