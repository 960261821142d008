"""Which files may come with a case: the kinds of appeals' files, a few more of them."""

from contest.documents import attached
from contest.errors import Invalid

MOST_FILES = 6  # a case, in all its turns 12
MOST_IN_ALL = 12


BY_OFFICE = ""  # the field of a file that the office added; an applicant's has the key of a field


def read_files(files, there=0):
    """(field key, Attachment) for each (field key, name, content); Invalid names the field that is wrong."""
    given = [one for one in files if one[1] or one[2]]
    if len(given) > MOST_FILES or there + len(given) > MOST_IN_ALL:
        raise Invalid(
            "At most %(most)s files are taken.", most=MOST_FILES,
            fields={given[0][0]: Invalid("At most %(most)s files are taken.", most=MOST_FILES)},
        )
    taken = []
    for key, name, content in given:
        try:
            taken += [(key, one) for one in attached.read_attachments([(name, content)])]
        except Invalid as refused:
            raise Invalid(refused.message, fields={key: Invalid(refused.message, **refused.params)},
                          **refused.params) from refused
    return taken


def served_name(receipt, number, ending):
    """The name under which a file is handed out: ours, not the sender's."""
    return f"case-{receipt[:4]}-{number}.{ending}"
