"""Copies of the living database that were opened again and checked, and putting one back.

A copy is a folder named by its moment: the database, a manifest, the keys that must lie with it. It is
made under another name and gets its own only when everything in it was checked, so whatever has such a
name is whole or was changed since; the manifest tells which.
"""
