"""Indications for referral (转诊指征): rules as data with their sources. They propose; they never block or create.

`data/` holds the rules, `loading` reads and checks them and brings them into the database, `conditions` is their
language, `matching` finds which hold for the facts of a referral.
"""
