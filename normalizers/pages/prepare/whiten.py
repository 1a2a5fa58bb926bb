"""Paper to white, ink to black: shadows, grey paper and pale print become an ordinary page."""

import cv2
import numpy as np

from normalizers.pages.prepare.pixels import scaled
from normalizers.pages.scan import Grey, as_grey

BACKGROUND_DPI = 40.0
"""Paper changes slowly: its brightness is estimated at this resolution ..."""
CLOSING = 7
"""... by a grey closing over 7 pixels (4.5 mm), wider than any stroke."""
PALE = 100
"""Grey values between ink and paper below which print is pale ..."""
TEXTURE = 0.35
"""... and this share of them, next to the paper, is its texture."""

WORN = (60.0, 100.0)
"""Grey values between ink and paper, as scanned, of print from a worn ribbon."""


def thickened(grey: Grey) -> Grey:
    """Print from a worn ribbon or a dry cartridge, a pixel thicker: pale there means thin, too, and
    the dots of letters go first. Anything else stays as it is."""
    sample = grey[::4, ::4]
    contrast = float(np.median(sample) - np.percentile(sample, 1))
    if not WORN[0] <= contrast < WORN[1]:
        return grey
    return as_grey(cv2.erode(grey, np.ones((2, 2), np.uint8)))


def blur(grey: Grey, sigma: float) -> Grey:
    """Gaussian blur; ``sigma`` in pixels."""
    return as_grey(cv2.GaussianBlur(grey, (0, 0), sigma))


def whiten(grey: Grey, dpi: float) -> Grey:
    """Divide by the background, then stretch so that paper noise lies above white."""
    flat = flatten(grey, dpi)
    sample = flat[::4, ::4].astype(np.float32)
    grain = sample - cv2.GaussianBlur(sample, (0, 0), 2)
    noise = 1.4826 * float(np.median(np.abs(grain)))  # MAD as standard deviation
    paper = float(np.median(sample))
    white = paper - 2.0 * noise
    black = min(float(np.percentile(sample, 1.0)), white - 25)
    if paper - black < PALE:
        white = min(white, paper - TEXTURE * (paper - black))
    return stretched(flat, black, white)


def flatten(grey: Grey, dpi: float) -> Grey:
    """Divide by the estimated brightness of the paper."""
    small = scaled(grey, BACKGROUND_DPI / dpi)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((CLOSING, CLOSING), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), CLOSING / 2)
    height, width = grey.shape
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return as_grey(cv2.divide(grey, np.maximum(paper, 8), scale=255))  # saturates at 255


def stretched(grey: Grey, black: float, white: float) -> Grey:
    """Map ``black`` to 0 and ``white`` to 255, linearly."""
    levels = (np.arange(256, dtype=np.float32) - black) * 255 / (white - black)
    table = np.clip(levels, 0, 255).astype(np.uint8)
    return as_grey(cv2.LUT(grey, table))
