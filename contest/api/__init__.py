"""REST under /api/v1: the same rules as the pages, a description of itself, tokens with scopes."""
