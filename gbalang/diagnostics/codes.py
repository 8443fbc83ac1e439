"""temporary"""
from dataclasses import dataclass

from gbalang.diagnostics.model import Severity

W={"E0313","E0411","E0414","E0506","E0515","E0516","E0517","E0520","E0521","E0522"}
@dataclass
class C:
    severity: Severity
class _D(dict):
    def __missing__(s,k): return C(Severity.WARNING if k in W else Severity.ERROR)
BY_NUMBER=_D()
