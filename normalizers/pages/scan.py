"""What a page is before it is read: grey values, resolution, and whether it was black and white."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Grey = npt.NDArray[np.uint8]
"""Height x width, 0 is black, 255 is white."""

Matrix = npt.NDArray[np.float64]
"""3 x 3, homogeneous: takes one place to another."""
_CLOCKWISE: Matrix = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
"""Takes a place on a page that was turned clockwise to the same place before."""
Box = tuple[float, float, float, float]
"""left, top, right, bottom, as fractions of the width and height of a page."""


def as_grey(array: npt.NDArray[Any]) -> Grey:
    """``array`` as what it is: OpenCV's annotations forget the type of the values."""
    return np.asarray(array, np.uint8)


def as_matrix(array: npt.NDArray[Any]) -> Matrix:
    """The same of a matrix."""
    return np.asarray(array, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """One page image.

    ``dpi`` is dots per inch across and down; (0, 0) when nobody knows (photographs).
    ``bilevel`` says that every pixel was sent as black or white, as faxes are. ``place`` takes a
    place on this image to that on the page as it came, both as fractions of width and height: to
    scale an image changes nothing about it.
    """

    grey: Grey
    dpi: tuple[float, float]
    bilevel: bool = False
    place: Matrix = field(default_factory=lambda: np.eye(3))

    @property
    def resolution(self) -> float:
        """Dots per inch of a page with square pixels."""
        return self.dpi[0]

    @property
    def height(self) -> int:
        return int(self.grey.shape[0])

    @property
    def width(self) -> int:
        return int(self.grey.shape[1])

    def with_grey(self, grey: Grey) -> "Scan":
        """The same page after a step that changes grey values only."""
        return replace(self, grey=grey)

    def turned(self, clockwise: int) -> "Scan":
        """Turned by 0, 90, 180 or 270 degrees clockwise."""
        quarters = clockwise // 90 % 4
        across, down = self.dpi
        dpi = (down, across) if quarters % 2 else (across, down)
        grey = np.ascontiguousarray(np.rot90(self.grey, -quarters))
        place = self.place @ np.linalg.matrix_power(_CLOCKWISE, quarters)
        return replace(self, grey=grey, dpi=dpi, place=place)

    def bent(self, grey: Grey, back: Matrix) -> "Scan":
        """The same page as ``grey`` shows it; ``back`` takes a pixel of that to one of this."""
        old, new = (np.diag([image.shape[1], image.shape[0], 1.0]) for image in (self.grey, grey))
        return replace(self, grey=grey, place=self.place @ np.linalg.inv(old) @ back @ new)

    def box(
        self, left: int, top: int, right: int, bottom: int
    ) -> tuple[float, float, float, float]:
        """A box of pixels, on the page as it came."""
        corners = np.array([[x, y, 1.0] for x in (left, right) for y in (top, bottom)])
        corners /= (max(self.width, 1), max(self.height, 1), 1.0)
        there = self.place @ corners.T
        x, y = np.clip(there[:2] / there[2], 0.0, 1.0).round(4).tolist()
        return min(x), min(y), max(x), max(y)

    def image(self) -> Image.Image:
        return Image.fromarray(self.grey)
