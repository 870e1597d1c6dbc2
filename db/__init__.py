"""What is known: the content files, the build that checks and compiles them, and typed reads of the result."""
