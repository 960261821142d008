"""A person's letter box: what happened to whom stands on the own page, and is said outside by chosen ways.

A letter is written in the same commit as what it tells of. A process beside the servers says outside that
there is one, and never what: whoever reads along on a phone or in a mailbox learns nothing.
"""
