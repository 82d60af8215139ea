from referrals.models.attachment import AttachedFile, Attachment, StoredFile
from referrals.models.blank import BlankSlip, GivenNumber
from referrals.models.green_review import GreenReview
from referrals.models.indication import Indication, IndicationSwitch
from referrals.models.patient_link import PatientLink, PatientRating, PatientWord
from referrals.models.referral import Referral
from referrals.models.stay import Booking, ReturnSummary
from referrals.models.step import Step
from referrals.models.time_limit import TimeLimit
from referrals.models.waiting_time import WaitingTime

__all__ = [
    "AttachedFile", "Attachment", "BlankSlip", "Booking", "GivenNumber", "GreenReview", "Indication",
    "IndicationSwitch", "PatientLink", "PatientRating", "PatientWord", "Referral", "ReturnSummary", "Step",
    "StoredFile", "TimeLimit", "WaitingTime",
]  # fmt: skip
