"""Words that several benefits share about arrears (PP 44/2015 Pasal 38-42)."""

from __future__ import annotations

EMPLOYER_FIRST = "Bila pemberi kerja menunggak lebih dari 3 bulan, ia membayar lebih dulu dan baru dapat meminta "
