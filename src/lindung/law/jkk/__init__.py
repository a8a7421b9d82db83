"""Work accident insurance (jaminan kecelakaan kerja)."""
