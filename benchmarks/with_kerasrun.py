"""A work with kerasrun: `python with_kerasrun.py CONFIG [KEY=VALUE …]`; prints what the other sides print."""

import sys
import tempfile

from clock import Clock

from kerasrun.config import load_config
from kerasrun.runs.train import train_run


def main(config, settings):
    clock = Clock()
    with tempfile.TemporaryDirectory() as output:
        for event in train_run(load_config(config, tuple(settings)), output=output):
            if hasattr(event, "time_s") and hasattr(event, "logs") and getattr(event, "step", 1) > 0:
                clock.tick()
                loss = event.logs["loss"]
    clock.report(loss)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
