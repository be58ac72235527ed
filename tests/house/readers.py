"""Lines of the page matrix that many addresses share; the letters are those of matrix.PEOPLE."""

EVERYBODY = "ok=-RDCULHOXNMWVYTABE"
STAFF = "login=- ok=RDCULHOXNMWVYTABE"
# The three administrators keep the house and see no matter; the auditor and the analyst read.
AT_THE_DESK = "login=- ok=RDCULHOXNMWVYT forbidden=ABE"
# Whoever is asked first: on the phone, at the counter, on a round.
ENTRY = "login=- ok=RDNMHOWV forbidden=CULXYTABE"
IN_THE_GRID = "login=- ok=WV forbidden=RDCULHOXNMYTABE"
