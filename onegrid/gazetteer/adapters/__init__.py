"""The outside world: a geocoder that the county may set."""
