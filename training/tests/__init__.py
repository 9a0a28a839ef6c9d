"""Checks of the recipe that need neither data nor training."""
