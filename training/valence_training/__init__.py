"""Recipe that makes the sentiment model bundled with Valence."""
