"""The inbox: what waits for whom, and what people do with it."""
