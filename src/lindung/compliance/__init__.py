"""Companies that do not register, report or pay in full: findings, ladder of letters, payment plans."""
