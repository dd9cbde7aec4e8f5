"""Alliance, hospitals, campuses and departments (S0-1…4, S1-7)."""
