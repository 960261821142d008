"""The square codes that cameras read, as drawings that stay sharp on any paper and screen."""

import io

import segno


def qr_svg(text, border=4):
    """An SVG drawing of the QR code of `text`, dark on white, `border` modules of quiet around.

    ISO/IEC 18004 asks for four modules of quiet; give less only where the page itself is white.
    Raises ValueError when the text is empty or longer than a QR code holds.
    """
    if not text:
        raise ValueError("a QR code needs something to say")
    file = io.BytesIO()
    code = segno.make(text, error="m", micro=False, boost_error=True)
    code.save(file, kind="svg", xmldecl=False, border=border, light="#fff", omitsize=True)
    return file.getvalue().decode()
