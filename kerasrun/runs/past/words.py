"""What a run was and how far it came, in words, as far as its manifest says. An older one says less."""

from typing import Any


def told(manifest: dict[str, Any]) -> str:
    """What a run was: `Dense 128 – Dense 10, Adam, 12/50 epochs`."""
    summary = manifest.get("summary", {})
    words = (summary.get("model", ""), summary.get("optimizer", ""), length(manifest))
    return ", ".join(word for word in words if word)


def length(manifest: dict[str, Any]) -> str:
    """How far a run has come: `12/50 epochs`, or `50 epochs` where they all are done or nothing is known."""
    summary, done = manifest.get("summary", {}), manifest.get("done")
    unit = "steps" if "steps" in summary else "epochs"
    asked = summary.get(unit)
    if asked is None:
        return ""
    return f"{asked:,} {unit}" if done in (None, asked) else f"{done:,}/{asked:,} {unit}"
