"""Files given with acts: kept as soon as they arrive, named in the act's input by number, part of its record once it is done (M26).

An act needs only the field; the door checks that the actor may name the files, and takes them. So a file survives a preview, a second
signature and a mistake elsewhere in the form, and the API and a proposal carry numbers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from casework.models import Attachment
from deadlines import clock
from documents.uploads import check_file
from offices.actors import Actor

MOST_FILES = 20
UPLOAD = "-upload"  # ends the name under which a page sends new files for a field


def institution_of(subject: Any) -> int | None:
    """The institution that a case's files are about."""
    if subject is None:
        return None
    own = subject.pk if subject._meta.model_name == "institution" else getattr(subject, "institution_id", None)
    return int(own) if own else None


def keep(upload: UploadedFile[Any], institution: int, actor: Actor) -> Attachment:
    """Keep an upload for its office until an act names it. Raises Unfit."""
    content_type, digest = check_file(upload)
    return Attachment.objects.create(
        institution_id=institution, office_id=actor.office_id, user_id=actor.user_id, kept_at=clock.now(),
        name=str(upload.name)[-200:], file=upload, content_type=content_type, size=upload.size or 0, digest=digest,
    )  # fmt: skip


def _numbers(given: Any) -> list[int]:
    """Numbers of kept files as a form or JSON brings them. Raises ValidationError."""
    rows = given if isinstance(given, list | tuple) else [given]
    texts = [str(each) for each in rows if each not in (None, "")]
    if any(not (each.isascii() and each.isdecimal() and len(each) < 19) for each in texts):
        raise ValidationError("附件应为文件的编号。")
    if len(texts) > MOST_FILES:
        raise ValidationError(f"一项最多{MOST_FILES}个附件。")
    return list(dict.fromkeys(int(each) for each in texts))


class NamesFiles(forms.Field):
    """A field that names kept files; ``shared``: they are open to the institution too, whoever gave them."""

    def __init__(self, *, shared: bool = False, **kwargs: Any):
        self.shared = shared
        self.institution: int | None = None
        super().__init__(**kwargs)

    def about(self, subject: Any) -> None:
        """Only files about the case's institution can be named."""
        self.institution = institution_of(subject)

    def named(self, cleaned: Any) -> list[int]:
        """The files in a cleaned value."""
        raise NotImplementedError

    def said(self, cleaned: Any, names: Mapping[int, str]) -> list[str]:
        """A cleaned value as people read it."""
        raise NotImplementedError

    def exist(self, numbers: Iterable[int]) -> None:
        wanted = set(numbers)
        found = Attachment.objects.filter(pk__in=wanted, institution_id=self.institution or 0).count() if wanted else 0
        if found < len(wanted):
            raise ValidationError("没有找到所选的附件,请重新上传。")


class FilesWidget(forms.Widget):
    """Files already kept, to be left out again, and a control for more. ``actor``: who reads the page."""

    actor: Actor | None = None
    template_name = "partials/files_widget.html"
    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def upload_names(self, name: str, files: Iterable[str]) -> dict[str, str]:
        """Name of an upload → name of the number that stands for it."""
        return {name + UPLOAD: name}

    def id_for_label(self, id_: str | None) -> str:
        return f"{id_}{UPLOAD}" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"kept": _kept(value, self.actor), "upload": name + UPLOAD, "most": MOST_FILES}
        return context


def _kept(value: Any, actor: Actor | None) -> list[Attachment]:
    try:
        return list(Attachment.objects.visible_to(actor).filter(pk__in=_numbers(value))) if actor is not None and value else []
    except ValidationError:
        return []


class FilesField(NamesFiles):
    """Files beside an act's other input."""

    widget = FilesWidget

    def __init__(self, **kwargs: Any):
        super().__init__(**{"required": False, "help_text": "PDF、PNG 或 JPEG，每个不超过20兆。", **kwargs})

    def to_python(self, value: Any) -> list[int]:
        numbers = _numbers(value)
        self.exist(numbers)
        return numbers

    def named(self, cleaned: Any) -> list[int]:
        return list(cleaned or [])

    def said(self, cleaned: Any, names: Mapping[int, str]) -> list[str]:
        return [names.get(each, str(each)) for each in cleaned or []]


class FindingsWidget(forms.Widget):
    """For each ground a text and its files. ``actor``: who reads the page."""

    actor: Actor | None = None
    template_name = "partials/findings_widget.html"
    needs_multipart_form = True

    def __init__(self, attrs: dict[str, Any] | None = None):
        self.grounds: dict[str, str] = {}
        super().__init__(attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if isinstance(data.get(name), list):
            return data.get(name)
        found = []
        for ground in self.grounds:
            facts, key = str(data.get(f"{name}-{ground}-facts") or ""), f"{name}-{ground}-files"
            numbers = data.getlist(key) if hasattr(data, "getlist") else data.get(key) or []
            if facts.strip() or numbers:
                found.append({"ground": ground, "facts": facts, "files": numbers})
        return found

    def upload_names(self, name: str, files: Iterable[str]) -> dict[str, str]:
        keys = {f"{name}-{ground}-files" for ground in self.grounds}
        return {each: each.removesuffix(UPLOAD) for each in files if each.removesuffix(UPLOAD) in keys}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = {row.get("ground"): row for row in value or [] if isinstance(row, dict)}
        rows = []
        for number, (ground, title) in enumerate(self.grounds.items(), 1):
            row, key = given.get(ground, {}), f"{name}-{ground}"
            rows.append(
                {"title": title, "id": f"{context['widget']['attrs'].get('id', name)}_{number}", "facts": row.get("facts", ""),
                 "kept": _kept(row.get("files"), self.actor), "facts_name": f"{key}-facts", "files_name": f"{key}-files",
                 "upload": f"{key}-files{UPLOAD}", "open": bool(row)}
            )  # fmt: skip
        context["widget"] |= {"rows": rows, "most": MOST_FILES}
        return context


class FindingsField(NamesFiles):
    """What was found for each ground, and the evidence of it: ``[{"ground", "facts", "files"}]``."""

    widget: Any = FindingsWidget

    def __init__(self, **kwargs: Any):
        super().__init__(**{"required": False, **kwargs})

    def offer(self, grounds: Mapping[str, str]) -> None:
        """The grounds that can be spoken of, with their titles."""
        self.widget.grounds = dict(grounds)

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        if not value:
            return []
        if not isinstance(value, list) or any(not isinstance(row, dict) or set(row) - {"ground", "facts", "files"} for row in value):
            raise ValidationError("应为记录列表:情形、事实、附件。")
        rows: list[dict[str, Any]] = []
        for row in value:
            ground, facts = str(row.get("ground") or ""), str(row.get("facts") or "").strip()
            if ground not in self.widget.grounds:
                raise ValidationError("情形不在可选范围内。")
            if len(facts) > 4000 or "\x00" in facts:
                raise ValidationError("每一情形的事实不超过4000字,不含不能保存的字符。")
            numbers = _numbers(row.get("files") or [])
            if facts or numbers:
                rows.append({"ground": ground, "facts": facts, "files": numbers})
        if len({row["ground"] for row in rows}) < len(rows):
            raise ValidationError("同一情形只写一次。")
        self.exist(number for row in rows for number in row["files"])
        return rows

    def named(self, cleaned: Any) -> list[int]:
        return [number for row in cleaned or [] for number in row["files"]]

    def said(self, cleaned: Any, names: Mapping[int, str]) -> list[str]:
        rows = []
        for row in cleaned or []:
            files = "、".join(names.get(each, str(each)) for each in row["files"])
            title = self.widget.grounds.get(row["ground"], row["ground"])
            rows.append(f"{title}：{row['facts']}{f'（证据：{files}）' if files else ''}")
        return rows


def _fields(form: forms.Form) -> dict[str, NamesFiles]:
    return {name: field for name, field in form.fields.items() if isinstance(field, NamesFiles)}


def unseen(form: forms.Form, actor: Actor) -> dict[str, list[str]]:
    """Fields that name files which the actor may not see; for it they do not exist (M3)."""
    wanted = {name: field.named(form.cleaned_data.get(name)) for name, field in _fields(form).items()}
    every = {number for numbers in wanted.values() for number in numbers}
    if not every:
        return {}
    seen = set(Attachment.objects.visible_to(actor).filter(pk__in=every).values_list("pk", flat=True))
    return {name: ["没有找到所选的附件,请重新上传。"] for name, numbers in wanted.items() if not seen.issuperset(numbers)}


def take(form: forms.Form, record: int) -> dict[str, list[str]]:
    """Make the files named in an act's input part of its record; what the log says of them. The first act that takes a file has it."""
    said: dict[str, list[str]] = {}
    for name, field in _fields(form).items():
        numbers = field.named(form.cleaned_data.get(name))
        if numbers:
            Attachment.objects.filter(pk__in=numbers, act__isnull=True).update(act_id=record, shared=field.shared)
        said[name] = in_words(field, form.cleaned_data.get(name))
    return said


def in_words(field: NamesFiles, cleaned: Any) -> list[str]:
    """A cleaned value as people read it, with the names of the files."""
    return field.said(cleaned, names_of(field.named(cleaned)))


def given_with(acts: Iterable[int], reader: Actor) -> dict[int, list[Attachment]]:
    """Act → the files it took, as far as the reader may open them; one query."""
    found: dict[int, list[Attachment]] = {}
    for each in Attachment.objects.visible_to(reader).filter(act_id__in=list(acts)):
        found.setdefault(each.act_id or 0, []).append(each)
    return found


def names_of(numbers: Iterable[int]) -> dict[int, str]:
    """Number → name, in the order given."""
    wanted = list(numbers)
    rows = Attachment.objects.in_bulk(wanted) if wanted else {}
    return {number: rows[number].name for number in wanted if number in rows}
