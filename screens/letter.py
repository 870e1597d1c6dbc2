"""The letter screen: the referral letter and the note for the record as they will print; save or print them."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from decide.errors import InputError
from decide.letter import letter
from screens.base import footer, plain
from screens.dialogs import Field, Form, PaperScreen, PrintDialog, SaveDialog, free_file
from screens.strip import Strip

NOTE = "NOTE FOR THE RECORD"
LONGEST = 120


class LetterScreen(PaperScreen):
    BINDINGS = [
        Binding("f", "details", "Details", tooltip="Whose letter it is, and who writes it"),
        Binding("p", "print", "Print", tooltip="Print the letter and the note"),
        Binding("w", "save", "Save", tooltip="Save the letter and the note as plain text"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.label = ""

    def compose(self) -> ComposeResult:
        yield self.title_line("Letter and note as they will print - arrows and Page keys scroll")
        with VerticalScroll(id="whole-preview"):
            yield Static("", id="whole-preview-text", markup=False)
        yield Static("", id="message", markup=False)
        yield Strip(brief=True)
        yield footer()

    def on_mount(self) -> None:
        kept = self.kept()
        self.contact, self.queue = kept.contact, kept.queue
        self.query_one("#whole-preview").focus()
        self.show()

    def on_screen_resume(self) -> None:
        # The form may have been answered further while this screen lay under it.
        self.show()

    def on_resize(self) -> None:
        self.query_one(Strip).show()

    def show(self) -> None:
        made = letter(self.decide.reasoner, self.decide.answer, self.decide.today, self.label, self.contact)
        self.text = f"{made.text}\f\n{NOTE}\n\n{made.note}"
        self.query_one("#whole-preview-text", Static).update(plain(self.text.replace("\f", "-" * 80)))
        self.query_one(Strip).show()

    def action_details(self) -> None:
        fields = [
            Field("label", "Person (name or label on the letter)", self.label),
            Field("contact", "From (you, and how to reach you; kept for next time)", self.contact),
        ]

        def check(values: dict[str, str]) -> None:
            for value in values.values():
                if len(value) > LONGEST:
                    raise InputError(f"At most {LONGEST} characters; shorten it.")

        def keep(values: dict[str, str] | None) -> None:
            if values is None:
                return
            self.label, self.contact = values["label"], values["contact"]
            self.remember(contact=self.contact)
            self.show()

        self.app.push_screen(Form("Details on the letter", fields, check), keep)

    def action_print(self) -> None:
        def printed(queue: str | None) -> None:
            if queue:
                self.queue = queue
                self.remember(queue=queue)

        self.app.push_screen(PrintDialog(lambda: (self.text.encode(), "text"), "Referral letter", self.queue), printed)

    def action_save(self) -> None:
        def saved(name: str | None) -> None:
            if name:
                self.query_one("#message", Static).update(plain(f"Saved: {name}"))

        name = free_file("letter", self.label, self.decide.today.isoformat(), ending=".txt")
        self.app.push_screen(SaveDialog({".txt": self.text.encode}, str(name)), saved)
