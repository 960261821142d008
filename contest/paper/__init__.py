"""Sheets on paper: printed, typed in by two clerks who do not see each other's figures, and settled."""
