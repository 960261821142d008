"""A QR code as a picture that a page may carry within itself."""

import segno


def qr_picture(text):
    """The QR code of `text` as the address of an SVG picture (data:), black on white, with its quiet zone."""
    return segno.make(text, error="m").svg_data_uri(scale=6, dark="#000", light="#fff")
