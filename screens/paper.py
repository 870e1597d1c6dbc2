"""What ends on paper: what the plan and the letter share, from the clinic's settings to the printer and the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from decide import printing, settings
from decide.errors import DeliveryError, InputError
from decide.settings import Settings
from screens.base import BaseScreen
from screens.dialogs import PrintDialog, SaveDialog
from screens.rows import MARGIN, Rows

# The cells of the list's scrollbar.
SCROLLBAR = 1
# The key that mends what is missing or stands against a print.
MENDING_KEYS = {
    "clinic": "c",
    "details": "f",
    "side": "l",
    "dose": "e",
    "exercises": "Space",
    "workarounds": "Space",
    "questions": "p",
    "cleared": "k",
    "screen": "F5",
    "letter": "F6",
}


class PaperRows(Rows):
    """Rows that are wrapped by hand, to a width (`wide`) that the screen knows before they are laid out."""

    wide = 0

    @property
    def room(self) -> int:
        return max(20, self.wide - SCROLLBAR - MARGIN)


class PaperScreen(BaseScreen):
    """A screen whose text goes on paper. It knows the clinic's settings and keeps what is changed in them."""

    clinic = Settings()
    # Something was set here that would be lost.
    changed = False
    # What became of this document: for the read-back, until the document changes.
    delivered: tuple[str, ...] = ()

    # --- what each such screen says for itself ---------------------------------------------------------------------

    def document_title(self) -> str:
        """What the print job is called."""
        raise NotImplementedError

    def file_parts(self) -> tuple[str, ...]:
        """What the name of a saved file is made of."""
        raise NotImplementedError

    def writers(self) -> Mapping[str, Callable[[], bytes]]:
        """What makes the file, for each ending of its name."""
        raise NotImplementedError

    def paper_words(self) -> str:
        """How it prints: paper, type, sides."""
        raise NotImplementedError

    def follow_case(self) -> None:
        """Take over what was answered and set since, on the screens that opened over this one."""
        raise NotImplementedError

    def edit_details(self, then: Callable[[], None]) -> None:
        """Ask for whom this is, and what else only the practitioner knows; `then` is called when that was taken over."""
        raise NotImplementedError

    @property
    def two_sided(self) -> bool:
        return not self.clinic.one_sided

    # --- the clinic's settings -------------------------------------------------------------------------------------

    @property
    def paper(self) -> printing.Paper:
        return "letter" if self.clinic.paper == "letter" else "a4"

    def load_clinic(self) -> None:
        try:
            self.clinic = settings.load(self.decide.folder)
        except InputError as error:
            self.call_after_refresh(self.say, str(error))

    def remember(self, **values: str) -> None:
        """Use these settings from now on, on every screen that is open, and keep them for next time."""
        for screen in self.app.screen_stack:
            if isinstance(screen, PaperScreen):
                screen.clinic = screen.clinic._replace(**values)
        self.say("")
        self.follow_case()
        try:
            settings.save(self.decide.folder, **values)
        except (InputError, DeliveryError) as error:
            self.say(f"Used now, but not kept for next time: {error}")

    # --- to the printer, to a file ---------------------------------------------------------------------------------

    def document(self) -> tuple[bytes, printing.Kind]:
        """What goes to the printer: PDF, or text where PDF cannot be made here."""
        writers = self.writers()
        try:
            return writers[".pdf"](), "pdf"
        except DeliveryError:
            return writers[".txt"](), "text"

    def deliver_print(self, tell: Callable[[], None]) -> None:
        """Print it; `tell` is called once it was sent."""

        def printed(queue: str | None) -> None:
            if queue:
                self.changed = False
                self.delivered = (*self.delivered, f"Sent to {queue}.")
                self.remember(queue=queue)
                tell()

        dialog = PrintDialog(self.document, self.document_title(), self.clinic.queue, self.paper, two_sided=self.two_sided)
        self.app.push_screen(dialog, printed)

    def deliver_save(self, tell: Callable[[], None], then: Callable[[], None] | None = None) -> None:
        """Save it; `tell` is called once it was saved, and `then` after it."""

        def saved(name: str | None) -> None:
            if name:
                self.changed = False
                self.delivered = (*self.delivered, f"Saved: {name}.")
                tell()
                if then:
                    then()

        self.app.push_screen(SaveDialog(self.writers(), str(free_file(*self.file_parts()))), saved)


def free_file(*parts: str, ending: str = ".pdf") -> Path:
    """A file in the current folder, named by these parts, that is not there yet: no other person's is in the way."""
    clean = ("".join(character if character.isalnum() else "-" for character in part).strip("-") for part in parts)
    stem = "-".join(part for part in clean if part)
    path = Path.cwd() / f"{stem}{ending}"
    count = 2
    while path.exists():
        path = Path.cwd() / f"{stem}-{count}{ending}"
        count += 1
    return path
