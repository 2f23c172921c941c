"""What the curves of a run tell, in sentences, each with the figures that it rests on."""
