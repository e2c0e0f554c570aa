"""Manual of the commands: what one takes, answers, refuses and keeps, with an exchange that the emulator made.

`page.page_of` builds a page as data; `text` writes it for a terminal and `markdown` for the documents.
"""
