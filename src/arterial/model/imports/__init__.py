"""Other people's network files to our description: what they say, and in notes what they do not.

A figure that a file lacks stays absent or says ASSUMPTION in its row's source. A file is read as
text of bounded size; nothing in it is executed, expanded or fetched.
"""
