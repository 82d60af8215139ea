from advice.models.attachment import InquiryAttachment
from advice.models.entry import Entry
from advice.models.inquiry import CLINICAL, Inquiry

__all__ = ["CLINICAL", "Entry", "Inquiry", "InquiryAttachment"]
