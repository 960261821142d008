"""The files of an archive, unpacked no further than whoever reads them allows; the standard library alone."""

import io
import lzma
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

# What the standard library says of a zip file that is damaged, locked or packed in a way it does not know.
DAMAGED = (
    OSError, KeyError, EOFError, RuntimeError, struct.error, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)
MEGABYTE = 1024**2
CHUNK = MEGABYTE


class Unreadable(Exception):
    """An archive that cannot be read; one English sentence."""


class TooLarge(Unreadable):
    """A file of an archive, or a line of one, that is larger than allowed. most: the megabytes that are."""

    def __init__(self, name, most, is_line=False):
        what = f"a line of {name}" if is_line else f"{name}, unpacked,"
        super().__init__(f"{what} is larger than {most} MB.")
        self.name, self.most, self.is_line = name, most, is_line


@dataclass(frozen=True)
class Limits:
    """How much is unpacked at most, in megabytes: of each file, of one line, of some files by their name.

    each: None for as much as there is.
    """

    each: int | None = None
    line: int = 64  # no link that was ever made comes near; a file without an end must not fill the memory
    named: dict = field(default_factory=dict)

    def of(self, name):
        """How many megabytes a file may have, or None."""
        return self.named.get(name, self.each)


class Archive:
    """The files of an archive, in a folder or a zip file (a path, or its bytes as a file)."""

    def __init__(self, source, limits=None):
        self.limits, self.zip = limits or Limits(), None
        is_path = isinstance(source, str | Path)
        self.path = Path(source) if is_path else Path("ledger.zip")
        try:
            if not is_path or self.path.is_file():
                self.zip = zipfile.ZipFile(source)
        except (*DAMAGED, ValueError) as error:
            raise Unreadable(f"{self.path}: this is not a zip file ({error}).") from error

    def has(self, name):
        """Is there such a file?"""
        return name in self.zip.namelist() if self.zip else (self.path / name).is_file()

    def read(self, name):
        """The bytes of a file; Unreadable, TooLarge."""
        most = self.limits.of(name)
        try:
            with self._open(name) as file:
                data = file.read(-1 if most is None else most * MEGABYTE + 1)
        except DAMAGED as error:
            raise self._unreadable(name, error) from error
        if most is not None and len(data) > most * MEGABYTE:
            raise TooLarge(name, most)
        return data

    def lines(self, name):
        """The lines of a file, read as they are needed; Unreadable, TooLarge."""
        most, total = self.limits.of(name), 0
        longest = self.limits.line * MEGABYTE
        try:
            with self._open(name) as file, io.BufferedReader(file, CHUNK) as lines:
                # What a size in the zip's own list says is not asked: it may lie.
                while line := lines.readline(longest + 1):
                    total += len(line)
                    if len(line) > longest:
                        raise TooLarge(name, self.limits.line, is_line=True)
                    if most is not None and total > most * MEGABYTE:
                        raise TooLarge(name, most)
                    yield line
        except DAMAGED as error:
            raise self._unreadable(name, error) from error

    def _open(self, name):
        return self.zip.open(name) if self.zip else open(self.path / name, "rb")

    def _unreadable(self, name, error):
        return Unreadable(f"{self.path}: {name} cannot be read ({error}).")
