"""The pages of referrals: load in scope, one act, answer."""
