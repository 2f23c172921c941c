"""What was read from the curves of a run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = "kerasrun-reading-1"


@dataclass(frozen=True)
class Finding:
    """One thing that the curves tell.

    Args:
        name: what it is called: `overfitting`, `not_yet_converged`, `healthy`, …
        sentence: what was seen, with its figures; no full stop at its end.
        figures: the figures that it rests on, by name.
        advice: what to try; "" where there is nothing to mend.
    """

    name: str
    sentence: str
    figures: Mapping[str, float] = field(default_factory=dict)
    advice: str = ""

    @property
    def title(self) -> str:
        """The name in words: `not yet converged`."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Reading:
    """All that the curves of a run tell, the weightiest first."""

    findings: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain values for JSON."""
        return {"format": FORMAT, "findings": [asdict(finding) for finding in self.findings]}

    @staticmethod
    def from_dict(tree: Any) -> "Reading":
        """What `to_dict` gave.

        Raises:
            ValueError: it is something else.
        """
        try:
            if tree["format"] != FORMAT:
                raise ValueError(f"not of the format {FORMAT}")
            return Reading(tuple(Finding(**finding) for finding in tree["findings"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not the reading of a run: {error}") from error
