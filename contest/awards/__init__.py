"""Awards and the documents that carry them."""
