"""How the trail and kept forms call what is done about records; trail_words takes it in."""

from contest.i18n import N_

DEEDS = {
    "registry.record_define": N_("Record defined"),
    "registry.record_change": N_("Record's definition changed"),
    "registry.record_let_in": N_("Contest let into a record"),
    "registry.record_take_out": N_("Contest taken out of a record"),
    "registry.record_end": N_("Record laid down"),
    "registry.record_unname": N_("Name taken off an earlier record"),
    "registry.record_look": N_("Final results compared with a record"),
    "registry.record_confirm": N_("Record confirmed"),
    "registry.record_refuse": N_("Record not confirmed"),
    "registry.record_again": N_("Refused record looked at again"),
}
SENTENCES = {
    "registry.record_define": N_("Defined the record %(about)s"),
    "registry.record_change": N_("Changed the definition of the record %(about)s"),
    "registry.record_let_in": N_("Let a contest into the record %(about)s"),
    "registry.record_take_out": N_("Took a contest out of the record %(about)s"),
    "registry.record_end": N_("Laid the record %(about)s down"),
    "registry.record_unname": N_("Took the name of the earlier holder off the record %(about)s"),
    "registry.record_look": N_("Compared final results with the record %(about)s"),
    "registry.record_confirm": N_("Confirmed the record %(about)s"),
    "registry.record_refuse": N_("Did not confirm the record %(about)s"),
    "registry.record_again": N_("Looked again at a refused result for the record %(about)s"),
}
TYPED = {
    "record_name": N_("Name of the record"), "record_event": N_("Trade or event"),
    "record_key": N_("Key of the module or figure"), "record_unit": N_("Unit of the value"),
    "record_group": N_("Group of contestants"), "record_top": N_("Maximum"),
    "record_places": N_("Decimals"), "earlier_name": N_("Earlier holder"),
    "earlier_unit": N_("Unit of the earlier holder"), "earlier_value": N_("Earlier value"),
    "earlier_on": N_("Day of the earlier record"), "earlier_source": N_("Source document"),
}
FACT_NAMES = {
    "event": N_("trade or event"), "taken_back": N_("taken back"), "proposed": N_("proposed as a record"),
    "value": N_("value"), "unsaid": N_("changed too, and not kept here"),
    # What a definition was and is, by the fields of its form.
    "name_en": N_("Name in English"), "record_holder": N_("Who sets it"),
    "record_what": N_("What is compared"),
    "record_better": N_("Which value is better"), "contest_level": N_("Level of the contests"),
    **TYPED,
}
