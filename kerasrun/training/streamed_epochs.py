"""The loop over epochs whose rows are read window by window."""

from dataclasses import dataclass
from typing import Any

from kerasrun.training.blocks import Blocks
from kerasrun.training.epochs import EpochLoop
from kerasrun.training.program import Figures


@dataclass
class StreamedLoop(EpochLoop):
    """Trains epochs over windows of rows; all else is as in EpochLoop, and the bits depend on no cut either.

    `train` is Blocks; `validation` may be.
    """

    train: Any

    def __post_init__(self) -> None:
        self.num_steps = self.program.num_steps(self.train)
        self.length = self.num_steps + sum(map(self.program.num_test_steps, self.held()))
        self.num_ahead = 1

    def compile(self) -> None:
        """Compile the program for windows of each size, and train nothing."""
        for blank in self.train.blanks():
            self.program.train_window(blank, 0, 0, False)
        for rows in self.held():
            for blank in rows.blanks() if isinstance(rows, Blocks) else ():
                self.program.evaluate_part(blank, 0, 0)

    def _shareable(self) -> int:
        return 1

    def _steps_of(self, epoch: int, start: int, stop: int) -> Figures:
        """The steps `start` up to `stop` of an epoch, its validation's behind them too."""
        begun: float | None = None
        logs: dict[str, float] = {}
        bad_step, length = 0, self.train.order.window // self.program.batch_size
        if start < self.num_steps:
            for index, first, last in self.train.spans(start, min(stop, self.num_steps)):
                figures = self.program.train_window(self.train.window(epoch, index), first, last, index == first == 0)
                begun = figures.learning_rate if begun is None else begun
                bad_step = bad_step or (index * length + figures.bad_step if figures.bad_step else 0)
                logs |= figures.logs
        for rows in self.held():
            last = min(stop - self.num_steps, self.program.num_test_steps(rows))
            if last > 0:
                held = self.program.evaluate_part(rows, max(start - self.num_steps, 0), last)
                logs |= {f"val_{name}": value for name, value in held.items()}
        return Figures(begun or 0.0, logs, bad_step)


def close_blocks(loop: Any) -> None:
    """Let go of what a loop has read ahead, if it reads ahead."""
    for rows in (getattr(loop, "train", None), getattr(loop, "validation", None)):
        if isinstance(rows, Blocks):
            rows.close()
