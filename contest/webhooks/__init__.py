"""What happens here is told to outside systems: signed, repeated until heard, never into private networks."""
