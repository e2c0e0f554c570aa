"""Commands of the device, a folder a chapter: the one room where the AT language and the device meet.

A command is a declaration and a function in a file of its chapter; no list names it:

    speaker = Command("#SPEAKER", source="a guide")

    @speaker.set
    def choose_speaker(at: Context, number: Annotated[int, between(0, 3)]) -> None:
        \"""Choose the speaker.\"""

The parser, the errors, the answer to `=?` and the row in docs/commands.md follow from it. What only sets and shows
numbers is a declaration alone, see `kinds`. A chapter's `urc.py` has its URCs and a `subscribe`, found as well; its
`link.py` has its data link, which a handler returns for CONNECT.
"""
