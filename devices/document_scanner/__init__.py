"""Document scanners (扫描仪): sheet-fed or flatbed, many pages in one go."""
