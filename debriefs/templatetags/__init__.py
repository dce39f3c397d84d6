"""What the templates of the debriefs say in a word that Django has none for."""
