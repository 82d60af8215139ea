"""What pages show of a referral, in the words people read. Only referrals that are already loaded come in here."""
