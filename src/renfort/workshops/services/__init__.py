"""What is written in this programme beside the moves of its life cycles."""
