"""What a run has to show. `history` and `results` hold its numbers; `plots` draws them with matplotlib."""
