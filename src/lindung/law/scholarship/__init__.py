"""Scholarships for the children of participants who died or were disabled (beasiswa pendidikan anak)."""
