"""The letter screen: the referral letter and the note for the record as they will print; read back, saved or printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from decide.letter import Letter, letter
from decide.letter_text import render
from decide.printing import MEDIA
from screens.base import KeyLine, Message, bindings, plain
from screens.dialogs import Field, Form
from screens.paper import PaperScreen
from screens.strip import Strip


class LetterScreen(PaperScreen):
    PART = "letter"
    BINDINGS = bindings("letter")
    # The letter goes, the note stays.
    two_sided = False

    def __init__(self) -> None:
        super().__init__()
        self.recipient = ""

    def compose(self) -> ComposeResult:
        yield self.title_line("Letter and note as they will print - arrows and Page keys scroll")
        with VerticalScroll(id="whole-preview"):
            yield Static("", id="whole-preview-text", markup=False)
        yield Strip(brief=True)
        yield Message()
        yield KeyLine()

    def on_mount(self) -> None:
        self.load_clinic()
        self.query_one("#whole-preview").focus()
        self.follow_case()

    def on_screen_resume(self) -> None:
        # The form may have been answered further while this screen lay under it.
        self.follow_case()

    def on_resize(self) -> None:
        self.query_one(Strip).fill()

    def follow_case(self) -> None:
        made = self.made(self.decide.label, self.recipient, self.clinic.contact)
        if made != getattr(self, "letter", None):
            self.letter = made
            self.delivered = ()
            text = render(made).replace("\f", "-" * 80 + "\n")
            self.query_one("#whole-preview-text", Static).update(plain(text))
        self.query_one(Strip).fill()

    def made(self, label: str, recipient: str, contact: str) -> Letter:
        return letter(self.decide.reasoner, self.decide.answer, self.decide.today, label, contact, recipient)

    def action_details(self) -> None:
        self.edit_details(self.follow_case)

    def edit_details(self, then: Callable[[], None]) -> None:
        fields = [
            Field("label", "Person (name or label on the letter and the plan)", self.decide.label),
            Field("recipient", "To (who gets the letter)", self.recipient),
            Field("contact", "From (you, and how to reach you; kept for next time)", self.clinic.contact),
        ]

        def keep(values: dict[str, str] | None) -> None:
            if values is None:
                return
            self.decide.label, self.recipient = values["label"], values["recipient"]
            self.remember(contact=values["contact"])
            then()

        self.app.push_screen(Form("Details on the letter", fields, lambda values: self.made(**values)), keep)

    # --- to paper --------------------------------------------------------------------------------------------------

    def document_title(self) -> str:
        return self.letter.title

    def file_parts(self) -> tuple[str, ...]:
        return "letter", self.decide.label, self.decide.today.isoformat()

    def writers(self) -> Mapping[str, Callable[[], bytes]]:
        return {".pdf": self.pdf, ".txt": self.text}

    def paper_words(self) -> str:
        return f"On {MEDIA[self.paper]}, one-sided: the letter goes, the note stays."

    def pdf(self) -> bytes:
        from decide.letter_pdf import pdf

        return pdf(self.letter, self.paper)

    def text(self) -> bytes:
        return render(self.letter).encode()

    def action_print(self) -> None:
        from screens.read_back import LetterReadBack

        self.app.push_screen(LetterReadBack(self))

    def action_save(self) -> None:
        self.action_print()
