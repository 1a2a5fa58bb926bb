"""Pages that anybody may open. They work without JavaScript."""
