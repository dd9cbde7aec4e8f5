"""What a live room keeps: membership, strokes, chat."""
