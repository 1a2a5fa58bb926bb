"""What a virus scanner says of files that came in. It informs; it never holds anything up."""
