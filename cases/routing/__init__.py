"""Who works on an application: its department, a colleague, and those who are only asked."""
