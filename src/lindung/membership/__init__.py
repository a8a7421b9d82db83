"""Registration with BPJS Ketenagakerjaan: KPJ, segment, job, programmes, start and end."""
