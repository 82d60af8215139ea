"""The overview: the figures of `referrals.figures` laid out as a page, a list of rows, and a table to take away."""
