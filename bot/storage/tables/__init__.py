"""Every table of ours. Procrastinate's tables are its own and stand beside them."""

from sqlmodel import SQLModel

from bot.storage.tables.evidence import LedgerRow, ProbedValueRow, ProbeRow, SecondLookRow
from bot.storage.tables.exports import ExportRow
from bot.storage.tables.forms import FormRow, VocabularyRow
from bot.storage.tables.homes import HomeRow, MembershipRow
from bot.storage.tables.labels import AnnotationRow, DecisionRow, InputRow, ReviewRow
from bot.storage.tables.lists import AddressListRow, AddressRow
from bot.storage.tables.posts import CommandRow, DigestRow, NoteRow, PaceRow, PostRow, ProcessedRow, QueueSchemaRow
from bot.storage.tables.projects import ConceptRow, CutRow, PersonRow, ProjectRow, RevisionRow, StepRow
from bot.storage.tables.sessions import LeaseRow
from bot.storage.tables.troubles import TroubleRow
from bot.storage.tables.uploads import PictureRow, UploadRow

metadata = SQLModel.metadata

__all__ = [
    "AddressListRow",
    "AddressRow",
    "AnnotationRow",
    "CommandRow",
    "ConceptRow",
    "CutRow",
    "DecisionRow",
    "DigestRow",
    "ExportRow",
    "FormRow",
    "HomeRow",
    "InputRow",
    "LeaseRow",
    "LedgerRow",
    "MembershipRow",
    "NoteRow",
    "PaceRow",
    "PersonRow",
    "PictureRow",
    "PostRow",
    "ProbeRow",
    "ProbedValueRow",
    "ProcessedRow",
    "ProjectRow",
    "QueueSchemaRow",
    "ReviewRow",
    "RevisionRow",
    "SecondLookRow",
    "StepRow",
    "TroubleRow",
    "UploadRow",
    "VocabularyRow",
    "metadata",
]
