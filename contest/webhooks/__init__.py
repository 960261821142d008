"""Outside member systems are told of honours, levels, entitlements and cases by signed messages.

A message is written in the same commit as the change it tells of; a process beside the servers sends it.
"""
