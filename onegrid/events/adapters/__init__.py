"""The outside world of the heart: tables that other systems hand over."""
