"""Finished files taken apart again and searched. It knows no pack, so that worker processes load it at once."""

from psa_evidence.selftest.cites import Cited
from psa_evidence.selftest.examination import Examination, Examined, PagesSeen
from psa_evidence.selftest.examiner import Examiner
from psa_evidence.selftest.looking import Looking, Secret

__all__ = ["Cited", "Examination", "Examined", "Examiner", "Looking", "PagesSeen", "Secret"]
