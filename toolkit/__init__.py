"""Things every app needs and nothing of medicine: no models, no imports of the project."""
