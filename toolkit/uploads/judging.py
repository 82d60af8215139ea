"""The verdict on one file, given by a child process, in the words of a refusal."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from django.utils.translation import gettext_lazy as _

from ..refusals import Refused, TooLarge, TooMany
from .kinds import kind_of
from .verdict import Clean, Unfit

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
AT_ONCE = BoundedSemaphore(2)
"""Children of one web process: each may take a core and some memory."""

PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG")


@dataclass(frozen=True)
class Kind:
    """How a kind is served: its media type, the ending of a name, and whether a browser shows it."""

    media_type: str
    ending: str
    shown: bool


KINDS = {
    "jpeg": Kind("image/jpeg", "jpg", True),
    "png": Kind("image/png", "png", True),
    "pdf": Kind("application/pdf", "pdf", True),
    "dicom": Kind("application/dicom", "dcm", False),
}

WORDS = {
    "empty": _("文件是空的，请重新选择。"),
    "unknown_kind": _("只接受 PDF、JPEG、PNG 和 DICOM 文件；按内容判断，改扩展名无效。"),
    "heic": _("这是手机的 HEIC 照片，请在相机设置中选择“兼容性最佳”（JPEG）后重拍，或截图后上传。"),
    "two_kinds": _("文件同时像两种格式，不能接受；请重新导出后上传。"),
    "damaged": _("文件已损坏或不完整，无法读取；请重新导出或重新拍摄后上传。"),
    "too_many_pixels": _("图片过大，最多 %(most)s 百万像素；请缩小后上传。"),
    "encrypted": _("PDF 设有密码或限制，请去除后再上传。"),
    "active": _("PDF 含有脚本、自动动作或动态表单，不能接受；请“打印为 PDF”后上传。"),
    "embedded": _("PDF 内嵌了其他文件或多媒体，不能接受；请“打印为 PDF”后上传，其他文件另行添加。"),
    "appended": _("PDF 结尾之后还有其他内容，不能接受；请“打印为 PDF”后上传。"),
    "too_many_pages": _("PDF 最多 %(most)s 页，请分开上传。"),
    "too_complex": _("PDF 结构过于复杂，请“打印为 PDF”后上传。"),
    "no_picture": _("这个 DICOM 文件不是影像（目录或封装的文档），请导出影像本身。"),
    "too_slow": _("文件太复杂，无法在规定时间内检查；请简化后重新导出。"),
}


def examine(data: bytes, *, most: dict[str, int], pointer: str = "/file") -> Clean:
    """Bytes as they came → clean ones of a known kind. `most` is the largest size of each kind in bytes.

    `Refused` says what would be right; `TooLarge` for a size, `TooMany` while others are being looked at.
    """
    try:
        kind = kind_of(data)
        check_size(len(data), most[kind])
        return _asked(data)
    except Unfit as unfit:
        raise Refused.of(pointer, unfit.code, WORDS[unfit.code] % unfit.values) from unfit


def check_size(size: int, most: int) -> None:
    if size > most:
        raise TooLarge(_("文件最大 %(most)s MB，请缩小后上传。") % {"most": most // 2**20}, code="file_too_large")


def _asked(data) -> Clean:
    if not AT_ONCE.acquire(timeout=SECONDS):
        raise TooMany(_("正在检查其他文件，请稍后再试。"), retry_after=SECONDS)
    try:
        done = _run(data)
    finally:
        AT_ONCE.release()
    head, _line, body = done.partition(b"\n")
    said = json.loads(head or "{}")
    if "code" in said:
        raise Unfit(said["code"], **said["values"])
    if said.get("size") != len(body):  # it was stopped at one of its bounds, or died of the file
        raise Unfit("too_slow")
    return Clean(said["kind"], body, said["facts"], said["patient"])


def _run(data) -> bytes:
    """Python's own environment and nothing else of ours: a parser that is overcome finds no keys."""
    given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        return subprocess.run(
            [sys.executable, "-s", "-B", "-m", f"{__package__}.child"],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=given,
            timeout=SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired:
        raise Unfit("too_slow") from None
