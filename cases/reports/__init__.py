"""Reports: figures defined once, periods, and what is made of them on paper and on pages."""
