"""Socket.IO: what happens between people while a page or a room is open."""
