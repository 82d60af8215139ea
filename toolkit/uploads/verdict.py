"""What comes out of looking at a file."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clean:
    """`kind` is jpeg, png, pdf or dicom; `data` are the bytes to keep, which need not be those that came.

    `facts` are plain values that name nobody (width, height, pages, modality …). `patient` is what a picture says of
    whom it shows, for comparing only.
    """

    kind: str
    data: bytes = field(repr=False)
    facts: dict = field(default_factory=dict)
    patient: dict = field(default_factory=dict, repr=False)


class Unfit(Exception):
    """The file is not taken. `code` is the stable word for why, `values` what the sentence about it names."""

    def __init__(self, code: str, **values):
        super().__init__(code)
        self.code, self.values = code, values
