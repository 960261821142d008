"""What an honour opens."""
