"""A QR code as a picture that a page may carry within itself."""

from base64 import b64encode

from contest.documents.qr import qr_svg


def qr_picture(text):
    """The QR code of `text` as the data: address of an SVG picture, with its quiet zone."""
    return "data:image/svg+xml;base64," + b64encode(qr_svg(text).encode()).decode()
