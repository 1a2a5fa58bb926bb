"""Reports on paper and in spreadsheets."""
