"""``populate``: people, campuses and work for a network that only knows sites and fibres.

Whatever is made here is an ASSUMPTION by a rule that its row states; how many people live where
comes from a table. Arrays and names, no random draw: same network and table, same bytes.
"""
