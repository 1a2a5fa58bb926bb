"""What every page needs: rendering, texts, the visitor, forms, limits, safe headers."""
