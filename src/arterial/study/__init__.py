"""The verbs as typed functions: what the command line, the web and notebooks call.

One module a verb; each function takes paths and questions, returns a Struct with everything that a
page shows, and leaves showing it to the caller. A module loads only the engines of its verb.
"""
