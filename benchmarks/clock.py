"""What every side measures in the same way: the seconds of an epoch after the first, and the peak of its memory."""

import json
import resource
import time


class Clock:
    """Notes when epochs end."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def tick(self) -> None:
        """An epoch, with its validation and all that belongs to it, has ended."""
        self.times.append(time.perf_counter())

    def report(self, loss: float) -> None:
        """Print as a line of JSON: `epoch_s`, the mean without the first epoch; `loss`; `peak_mb`."""
        times = self.times
        epoch_s = (times[-1] - times[0]) / (len(times) - 1)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"epoch_s": epoch_s, "loss": float(loss), "peak_mb": round(peak_mb)}))
