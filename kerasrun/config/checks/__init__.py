"""What fits no training although Keras would take it: values out of range, and settings that contradict one another."""
