"""The points hall: points for contests, practice, courses and reading, in a ledger, and the lists of them."""
