"""A member's own page and ways in, and everybody's personal data: seen with a reason, told, erased."""
