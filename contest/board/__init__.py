"""The live leaderboard."""
