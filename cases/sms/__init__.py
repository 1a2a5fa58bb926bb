"""SMS texts: what is said, in which letters, in how many parts."""
