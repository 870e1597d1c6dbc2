"""The letter screen: the referral letter and the note for the record as they will print; save or print them."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from decide.errors import DeliveryError
from decide.letter import Letter, letter
from decide.letter_text import render
from decide.printing import Kind, Paper
from screens.base import KeyLine, bindings, plain
from screens.dialogs import Field, Form, PaperScreen, PrintDialog, SaveDialog, free_file
from screens.strip import Strip


class LetterScreen(PaperScreen):
    PART = "letter"
    BINDINGS = bindings("letter")

    def __init__(self) -> None:
        super().__init__()
        self.label = ""

    def compose(self) -> ComposeResult:
        yield self.title_line("Letter and note as they will print - arrows and Page keys scroll")
        with VerticalScroll(id="whole-preview"):
            yield Static("", id="whole-preview-text", markup=False)
        yield Static("", id="message", markup=False)
        yield Strip(brief=True)
        yield KeyLine()

    def on_mount(self) -> None:
        kept = self.kept()
        self.contact, self.queue = kept.contact, kept.queue
        self.paper: Paper = "letter" if kept.paper == "letter" else "a4"
        self.query_one("#whole-preview").focus()
        self.show()

    def on_screen_resume(self) -> None:
        # The form may have been answered further while this screen lay under it.
        self.show()

    def on_resize(self) -> None:
        self.query_one(Strip).show()

    def show(self) -> None:
        self.letter = self.made(self.label, self.contact)
        self.query_one("#whole-preview-text", Static).update(plain(render(self.letter).replace("\f", "-" * 80 + "\n")))
        self.query_one(Strip).show()

    def made(self, label: str, contact: str) -> Letter:
        return letter(self.decide.reasoner, self.decide.answer, self.decide.today, label, contact)

    def action_details(self) -> None:
        fields = [
            Field("label", "Person (name or label on the letter)", self.label),
            Field("contact", "From (you, and how to reach you; kept for next time)", self.contact),
        ]

        def keep(values: dict[str, str] | None) -> None:
            if values is None:
                return
            self.label, self.contact = values["label"], values["contact"]
            self.remember(contact=self.contact)
            self.show()

        self.app.push_screen(Form("Details on the letter", fields, lambda values: self.made(**values)), keep)

    def pdf(self) -> bytes:
        from decide.letter_pdf import pdf

        return pdf(self.letter, self.paper)

    def text(self) -> bytes:
        return render(self.letter).encode()

    def document(self) -> tuple[bytes, Kind]:
        """The letter for the printer: PDF, or text where PDF cannot be made here."""
        try:
            return self.pdf(), "pdf"
        except DeliveryError:
            return self.text(), "text"

    def action_print(self) -> None:
        def printed(queue: str | None) -> None:
            if queue:
                self.queue = queue
                self.remember(queue=queue)

        # One-sided: the letter goes, the note stays.
        dialog = PrintDialog(self.document, self.letter.title, self.queue, self.paper, two_sided=False)
        self.app.push_screen(dialog, printed)

    def action_save(self) -> None:
        def saved(name: str | None) -> None:
            if name:
                self.query_one("#message", Static).update(plain(f"Saved: {name}"))

        name = free_file("letter", self.label, self.decide.today.isoformat())
        self.app.push_screen(SaveDialog({".pdf": self.pdf, ".txt": self.text}, str(name)), saved)
