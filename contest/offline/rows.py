"""Comma-separated files, line by line."""

import csv

from contest.offline.refusal import FileError


class Rows:
    """An open file with a header; iterating gives (line number, cells in the order of `columns`).

    A column of the file that is not asked for is passed over; one that is lacking reads "".
    FileError for a file that is not UTF-8, has no such header, or has a line with too many cells.
    """

    def __init__(self, path, *, needed, wanted=(), allowed=None):
        self.path, self.name = path, path.name
        self._needed, self._wanted, self._allowed = needed, tuple(wanted), allowed
        self.header = self._read_header()
        places = {name: index for index, name in enumerate(self.header)}
        self.columns = (*needed, *self._wanted)
        self._places = [places.get(name, -1) for name in self.columns]

    def _open(self):
        return open(self.path, encoding="utf-8-sig", newline="")

    def _read_header(self):
        try:
            with self._open() as file:
                header = [cell.strip() for cell in next(csv.reader(file), [])]
        except OSError as error:
            raise FileError(self.name, 0, f"This file cannot be read: {error.strerror}.") from None
        except (UnicodeDecodeError, csv.Error) as error:
            self._refuse_unread(error, 1)
        lacking = [name for name in self._needed if name not in header]
        if lacking:
            raise FileError(
                self.name, 1,
                f"The header lacks {', '.join(lacking)}; "
                f"it must name {', '.join(self._needed)}.",
            )
        if len(set(header)) != len(header):
            raise FileError(self.name, 1, "The header names a column twice.")
        unknown = [name for name in header if self._allowed and name not in self._allowed]
        if unknown:
            raise FileError(
                self.name, 1,
                f"The column {unknown[0]} is unknown here; allowed are: {', '.join(self._allowed)}.",
            )
        return header

    def __iter__(self):
        places, width = self._places, len(self.header)
        try:
            with self._open() as file:
                reader = csv.reader(file)
                next(reader, None)
                for cells in reader:
                    if not cells:
                        continue
                    if len(cells) != width:
                        raise FileError(
                            self.name, reader.line_num,
                            f"This line has {len(cells)} cells, the header has {width}.",
                        )
                    yield reader.line_num, [cells[i].strip() if i >= 0 else "" for i in places]
        except (UnicodeDecodeError, csv.Error) as error:
            self._refuse_unread(error, reader.line_num)

    def _refuse_unread(self, error, line):
        if isinstance(error, UnicodeDecodeError):
            line = line_not_utf8(self.path)
            raise FileError(self.name, line, "This line is not UTF-8; save the file as UTF-8.")
        if "field limit" in str(error):
            raise FileError(
                self.name, line,
                f"This line has a cell of more than {csv.field_size_limit()} characters; "
                "is a quotation mark left open?",
            )
        raise FileError(self.name, line, f"This cannot be read as a csv file: {error}.")


def line_not_utf8(path) -> int:
    """The first line of a file, counted from 1, that is not UTF-8; 0 when each line is."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0
