"""What screens are made of: words and figures, pictures (SVG), lists."""
