"""What a page is before it is read: grey values, resolution, and whether it was black and white."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Grey = npt.NDArray[np.uint8]
"""Height x width, 0 is black, 255 is white."""


def as_grey(array: npt.NDArray[Any]) -> Grey:
    """``array`` as what it is: OpenCV's annotations forget the type of the values."""
    return np.asarray(array, np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """One page image.

    ``dpi`` is dots per inch across and down; (0, 0) when nobody knows (photographs).
    ``bilevel`` says that every pixel was sent as black or white, as faxes are.
    """

    grey: Grey
    dpi: tuple[float, float]
    bilevel: bool = False

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
        return replace(self, grey=np.ascontiguousarray(np.rot90(self.grey, -quarters)), dpi=dpi)

    def image(self) -> Image.Image:
        return Image.fromarray(self.grey)
