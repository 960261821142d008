"""The commands of the program, one file for each kind of work."""
