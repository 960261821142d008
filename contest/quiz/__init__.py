"""Quiz and timed events: a running ledger of points and times, entered beside the stage.

Two things have their place here and are not built yet. Buzzers: a device's first press would come in
as an act of its own before `actions.enter_points` and choose the entrant of a `buzz` entry; who was
first is decided by the order in which the server received the presses. Question banks: `question` of
an entry is a plain number or word today; a bank's key would stand there.
"""
