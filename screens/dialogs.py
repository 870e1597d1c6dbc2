"""Small questions over a screen: a yes or no, a text to read, a form, a file name, a printer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static
from textual.worker import get_current_worker

from decide import printing
from decide.errors import DeliveryError, InputError
from decide.files import write_whole
from screens.base import DialogScreen, KeyLine, Message, PlainInput, bindings, plain
from screens.rows import Rows, row

Document = Callable[[], tuple[bytes, printing.Kind]]


class Confirm(DialogScreen[bool]):
    """A question answered with y or n; a hasty Enter answers no."""

    PART = "question"
    BINDINGS = bindings("question")

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(plain(self.question, "bold"), markup=False)
            yield KeyLine()

    def action_answer(self, sure: bool) -> None:
        self.dismiss(sure)


class StartedDialog(DialogScreen[str]):
    """Offers a case that an ended program left behind. Gives back "take", "throw" or "later"."""

    PART = "started"
    BINDINGS = bindings("started")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False, id="dialog"):
            yield Static(plain("A case was started and not finished", "bold"), markup=False)
            yield Static(plain(f"\n{self.text}\n"), markup=False)
            yield KeyLine()

    def action_choose(self, choice: str) -> None:
        self.dismiss(choice)


class Reading(DialogScreen[None]):
    """A text to read, closed with Esc or Enter."""

    PART = "reading"
    BINDINGS = bindings("reading")

    def __init__(self, title: str, paragraphs: Sequence[Content]) -> None:
        super().__init__()
        self.heading = title
        self.paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog"):
            text = Content("\n\n").join([plain(self.heading, "bold"), *self.paragraphs])
            yield Static(text, id="long-text", markup=False)
            yield KeyLine()

    def on_mount(self) -> None:
        self.query_one("#dialog").focus()

    def action_close(self) -> None:
        self.dismiss(None)


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    value: str
    hint: str = ""


class FieldInput(PlainInput):
    """A field whose Enter is the form's own, so that it stands among the keys at the foot."""

    PART = "fields"
    BINDINGS = bindings("fields")


class PrinterRows(Rows):
    PART = "printer"
    BINDINGS = bindings("printer")


class Form(DialogScreen[dict[str, str] | None]):
    """Named fields; Enter keeps them all, Tab goes on, Esc drops the changes.

    `check` is called with the values and raises InputError for what cannot be; the form then stays, with the reason.
    The cursor begins in the field named `at`, or else in the first.
    """

    PART = "fields"
    BINDINGS = bindings("fields")

    def __init__(
        self, title: str, fields: Sequence[Field], check: Callable[[dict[str, str]], object], at: str = ""
    ) -> None:
        super().__init__()
        self.heading = title
        self.fields = fields
        self.check = check
        self.at = at or fields[0].name

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(plain(self.heading, "bold"), markup=False)
            yield Message()
            for item in self.fields:
                yield Label(plain(item.label), markup=False)
                yield FieldInput(item.value, placeholder=item.hint, id=f"field-{item.name}", compact=True)
            yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(f"#field-{self.at}").focus()
        if self.at == self.fields[0].name:
            # Where there is little room: begin at the top.
            self.call_after_refresh(self.query_one("#dialog").scroll_home, animate=False)

    @on(Input.Changed)
    def typed(self) -> None:
        self.say("")

    def action_submit(self) -> None:
        values = {item.name: self.query_one(f"#field-{item.name}", Input).value.strip() for item in self.fields}
        try:
            self.check(values)
        except InputError as error:
            self.say(str(error))
            return
        self.dismiss(values)

    def action_leave(self) -> None:
        self.dismiss(None)


class SaveDialog(DialogScreen[str | None]):
    """Asks for a file name and writes there, whole or not at all, what the name's ending asks for.

    `writers` makes the content for each ending that is known (".pdf", ".html", ".txt"); it may raise DeliveryError.
    """

    PART = "fields"
    BINDINGS = bindings("fields")

    def __init__(self, writers: Mapping[str, Callable[[], bytes]], name: str) -> None:
        super().__init__()
        self.writers = writers
        self.file_name = name
        self.asked = ""

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(plain("Save", "bold"), markup=False)
            yield Label(plain(f"File; its ending says as what: {', '.join(self.writers)}"), markup=False)
            yield FieldInput(self.file_name, id="file", compact=True)
            yield Message()
            yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def typed(self) -> None:
        self.say("")

    def action_submit(self) -> None:
        name = self.query_one(Input).value.strip()
        if not name:
            self.say("Type a file name.")
            return
        try:
            path = Path(name).expanduser()
            there = path.exists()
        except (RuntimeError, OSError) as error:
            self.say(f"cannot write {name}: {error}; name another file")
            return
        writer = self.writers.get(path.suffix.lower())
        if writer is None:
            self.say(f"End the name with {' or '.join(self.writers)}.")
            return
        if there and self.asked != name:
            self.asked = name
            self.say(f"{path} is there already. Enter once more replaces it.")
            return
        try:
            write_whole(path, writer())
        except DeliveryError as error:
            self.say(str(error))
            return
        self.dismiss(str(path))

    def action_leave(self) -> None:
        self.dismiss(None)


def on_screen(error: DeliveryError) -> str:
    """What the printing system says, for someone who is not at a command line."""
    text = str(error).replace(printing.SAVE, "or Esc, then w saves to a file")
    return text.replace("use --paper", "set the clinic's paper (c on a plan) to")


class PrintDialog(DialogScreen[str | None]):
    """Choose a printer, send the document, and follow the job. Gives back the queue that took it, None when it stopped.

    `document` makes what is sent, as bytes with their kind ("pdf" or "text").
    """

    PART = "printer"
    BINDINGS = bindings("printer")

    def __init__(
        self, document: Document, title: str, usual: str, paper: printing.Paper = "a4", *, two_sided: bool = True
    ) -> None:
        super().__init__()
        self.document = document
        self.paper: printing.Paper = paper
        self.two_sided = two_sided
        self.job_title = title
        self.usual = usual
        self.job: printing.Job | None = None
        self.last: printing.State | None = None
        self.sending = False

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(plain(f"{self.job_title}: print on", "bold"), markup=False)
            yield PrinterRows(id="queues")
            yield Message()
            yield KeyLine()

    def on_mount(self) -> None:
        self.say("Asking for the printers ...")
        self.list_queues()

    @work(thread=True, exit_on_error=False)
    def list_queues(self) -> None:
        try:
            found = printing.queues()
            usual = [queue.name for queue in found if queue.name == self.usual]
            first = next(iter(usual or [queue.name for queue in found if queue.default]), None)
            text = "" if found else "No printer is set up on this machine. Esc, then w saves to a file."
        except DeliveryError as error:
            found, first, text = [], None, on_screen(error)
        if not get_current_worker().is_cancelled and self.is_attached:
            self.app.call_from_thread(self.show_queues, found, first, text)

    def show_queues(self, found: list[printing.Queue], first: str | None, text: str) -> None:
        queues = self.query_one("#queues", Rows)
        queues.fill([row(plain(f"{queue.name}: {queue.state}"), queue.name) for queue in found], keep=first)
        queues.focus()
        self.say(text)

    @on(Rows.Selected, "#queues")
    def chosen(self, event: Rows.Selected) -> None:
        if not self.sending and event.id:
            self.sending = True
            self.refresh_bindings()
            self.say("Sending ...")
            self.print_on(event.id)

    @work(thread=True, exclusive=True, exit_on_error=False)
    def print_on(self, queue: str) -> None:
        worker = get_current_worker()

        def tell(text: str) -> None:
            if not worker.is_cancelled and self.is_attached:
                self.app.call_from_thread(self.say, text)

        def follow(state: printing.State) -> None:
            self.last = state
            tell(state.text)

        try:
            content, kind = self.document()
            self.job = printing.send(content, self.job_title, queue, self.paper, two_sided=self.two_sided, kind=kind)
            printing.follow(self.job, follow, seconds=60)
        except DeliveryError as error:
            self.sending = self.job is not None
            tell(on_screen(error))
            if not self.sending and self.is_attached:
                self.app.call_from_thread(self.refresh_bindings)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "print_here":
            return not self.sending
        return super().check_action(action, parameters)

    def action_print_here(self) -> None:
        self.query_one("#queues", Rows).action_select()

    def action_cancel_job(self) -> None:
        if self.job is None:
            self.say("Sending; a moment ..." if self.sending else "Nothing was sent, so there is no job to cancel.")
            return
        self.say("Cancelling ...")
        self.cancel_it(self.job)

    @work(thread=True, group="cancel", exit_on_error=False)
    def cancel_it(self, job: printing.Job) -> None:
        worker = get_current_worker()
        try:
            printing.cancel(job)
            self.last = printing.state(job)
            text = self.last.text
        except DeliveryError as error:
            text = on_screen(error)
        if not worker.is_cancelled and self.is_attached:
            self.app.call_from_thread(self.say, text)

    def action_leave(self) -> None:
        if self.sending and self.job is None:
            self.say("Sending; a moment ...")
            return
        # A job that was stopped or cancelled is no sheet on paper: the plan must not think so.
        stopped = self.last is not None and self.last.name == "stopped"
        self.dismiss(self.job.queue if self.job and not stopped else None)
