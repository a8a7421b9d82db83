"""The tables of this room, by subject."""

from lindung.payers.models.collectives import (
    Agent,
    Collective,
    CollectiveMember,
    CollectivePayment,
    CollectivePaymentLine,
    CollectiveWithdrawal,
)
from lindung.payers.models.employers import (
    Contact,
    Employer,
    EmployerActivity,
    EmployerChange,
    EmployerProgrammes,
    EmployerScale,
    FirmSize,
    Unit,
)
from lindung.payers.models.kept import Kept
from lindung.payers.models.payer import Agreement, Payer
from lindung.payers.models.projects import Project, ProjectCertificate, ProjectContract
from lindung.payers.models.wages import MinimumWage

__all__ = [
    "Agent", "Agreement", "Collective", "CollectiveMember", "CollectivePayment", "CollectivePaymentLine",
    "CollectiveWithdrawal", "Contact", "Employer", "EmployerActivity", "EmployerChange", "EmployerProgrammes",
    "EmployerScale", "FirmSize", "Kept", "MinimumWage", "Payer", "Project", "ProjectCertificate", "ProjectContract",
    "Unit",
]  # fmt: skip
