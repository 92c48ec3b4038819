// Replaced as the target gets its content.
