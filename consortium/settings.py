"""Settings, read from the environment and `.env`. Every variable is explained in `.env.example`.

Three ways to run, told apart by two variables:
development (nothing set: DEBUG on), the demo (`make run`: DEMO=true DEBUG=false), production (DEBUG=false; also
where nothing is set and a web server, not `manage.py runserver`, asks for these settings).
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import beat
from .environment import behind_web_server, broker_options, database, file_store, secret
from .logs import logging

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if env.bool("READ_DOTENV", default=True):
    environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")

# --- which way of running ---------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=not behind_web_server)
DEMO = env.bool("DEMO", default=DEBUG)
PRODUCTION = not (DEBUG or DEMO)
TESTING = "pytest" in sys.modules

# --- secrets ----------------------------------------------------------------------------------------------------------


def _secret(name: str) -> str:
    return secret(name, env.str(name, default=""), required=PRODUCTION, folder=VAR_DIR / "secrets")


SECRET_KEY = _secret("SECRET_KEY")
# Comma-separated; the first one writes, all of them read. Put a new key in front to rotate.
FIELD_KEYS = _secret("FIELD_KEYS").split(",")
HASH_KEYS = _secret("HASH_KEYS").split(",")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- address ----------------------------------------------------------------------------------------------------------
PORT = env.int("PORT", default=8000)
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://localhost:{PORT}").rstrip("/")
PATIENTS_URL = env.str("PUBLIC_URL", default="").rstrip("/")  # of patients' links; "" means that there are none
# health checks ask from the same machine
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"]), "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
BEHIND_TLS = env.bool("BEHIND_TLS", default=PRODUCTION)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- parts, lowest last in import order, lowest first here ------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "consortium.apps.AssetsConfig",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "axes",
    "django_htmx",
    "csp",
    "toolkit.apps.ToolkitConfig",
    "events.apps.EventsConfig",
    "institutions.apps.InstitutionsConfig",
    "accounts.apps.AccountsConfig",
    "notifications.apps.NotificationsConfig",
    "records.apps.RecordsConfig",
    "referrals.apps.ReferralsConfig",
    "advice.apps.AdviceConfig",
    "consortium.apps.ConsortiumConfig",
]

MIDDLEWARE = [
    "toolkit.requests.RequestIDMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "consortium.middleware.IdleSessionMiddleware",
    "consortium.middleware.ChineseFirstMiddleware",
    "consortium.middleware.SlashMiddleware",
    "consortium.middleware.BodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ActorMiddleware",
    "toolkit.pages.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "consortium.urls"
WSGI_APPLICATION = "consortium.wsgi.application"
ASGI_APPLICATION = "consortium.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consortium.context.page",
            ],
        },
    },
]

# --- stores -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": database(env.db("DATABASE_URL", default="sqlite:///var/consortium.sqlite3"), BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counters (throttles, worker heartbeat) must be seen by every process, so the default is files and not memory.
CACHES = {"default": env.cache_url("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}
MEDIA_ROOT = VAR_DIR / "files"

# --- who --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# by name alone: a hospital's people share one address, and guessing from many addresses must not help
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXIES or None

SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_NAME = "consortium_session"
CSRF_COOKIE_NAME = "consortium_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS

OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.ApiClient"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "SCOPES": {
        "institutions:read": _("读取成员机构、科室和号源床位"),
        "institutions:write": _("维护科室和号源床位"),
        "records:read": _("读取患者登记"),
        "records:write": _("登记患者"),
        "referrals:read": _("读取转诊"),
        "referrals:write": _("办理转诊"),
        "advice:read": _("读取转诊前咨询"),
        "advice:write": _("提出和答复转诊前咨询"),
        "events:read": _("读取事件"),
        "system/*.read": _("以 FHIR 读取"),
        "system/*.write": _("以 FHIR 写入"),
    },
    "DEFAULT_SCOPES": [],
}

# --- guards -----------------------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
ATTACHMENT_MB = env.int("ATTACHMENT_MB", default=10)
ATTACHMENT_MB_DICOM = env.int("ATTACHMENT_MB_DICOM", default=20)
ATTACHMENTS_MOST = env.int("ATTACHMENTS_MOST", default=20)
BODY_MOST = FILE_UPLOAD_MAX_MEMORY_SIZE = (max(ATTACHMENT_MB, ATTACHMENT_MB_DICOM) + 1) * 2**20  # never on the disk
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "toolkit.rest.problems.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# --- language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- front-end assets: from npm, served by ourselves, no outside request ever -----------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
_PACKAGES = {
    "tabler": "@tabler/core/dist",
    "icons": "@tabler/icons-webfont/dist",
    "htmx": "htmx.org/dist",
    "echarts": "echarts/dist",
}
STATICFILES_DIRS = [
    (prefix, BASE_DIR / "node_modules" / folder)
    for prefix, folder in _PACKAGES.items()
    if (BASE_DIR / "node_modules" / folder).is_dir()
]
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG or TESTING
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "attachments": file_store(env.str("ATTACHMENT_STORAGE", ""), env.json("ATTACHMENT_STORAGE_OPTIONS", {}), VAR_DIR),
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- REST -------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # accounts.rest.ActorViewSet says who may; a view that does not start from it stays closed
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["toolkit.rest.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "toolkit.rest.negotiation.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "toolkit.rest.paging.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["toolkit.rest.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "accounts.schema.ActorSchema",
    "EXCEPTION_HANDLER": "toolkit.rest.problems.handler",
    "DEFAULT_THROTTLE_RATES": {
        "client": env.str("THROTTLE_CLIENT", default="1200/min"),
        "token": env.str("THROTTLE_TOKEN", default="60/min"),
        "reveal": env.str("THROTTLE_REVEAL", default="60/min"),
        "look_up": env.str("THROTTLE_LOOK_UP", default="120/min"),  # a number typed by hand asks at each key
        "password": env.str("THROTTLE_PASSWORD", default="10/h"),
        "upload": env.str("THROTTLE_UPLOAD", default="30/min"),
        "patient_link": env.str("THROTTLE_PATIENT_LINK", default="20/min"),  # tried in vain, from one address
        "patient_links": env.str("THROTTLE_PATIENT_LINKS", default="600/min"),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "医联体协同平台 Medical Consortium Platform",
    "DESCRIPTION": "Two-way referral between the members of a medical consortium.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": PUBLIC_URL}],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "ReferralReasonEnum": "referrals.codes.REFERRAL_REASON_CHOICES",
        "ReturnReasonEnum": "referrals.codes.RETURN_REASON_CHOICES",
        "RejectReasonEnum": "referrals.codes.REJECT_REASON_CHOICES",
        "CancelReasonEnum": "referrals.codes.CANCEL_REASON_CHOICES",
        "WithdrawReasonEnum": "referrals.codes.WITHDRAW_REASON_CHOICES",
        "AttachmentKindEnum": "referrals.codes.ATTACHMENT_KIND_CHOICES",
        "KindEnum": "referrals.codes.KIND_CHOICES",
        "StatusEnum": "referrals.statuses.STATUS_CHOICES",
        "InquiryStatusEnum": "advice.statuses.STATUS_CHOICES",
    },
}

# --- worker and clock -------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, VAR_DIR / "broker")
if CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT = "consortium.file_broker:Transport"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# remote control over the file broker would fill its folder with messages nobody reads
CELERY_WORKER_ENABLE_REMOTE_CONTROL = not CELERY_BROKER_URL.startswith("filesystem://")
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = beat.SCHEDULE

# --- e-mail -----------------------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="医联体 <noreply@localhost>")

# --- short messages: "" for none, "file" below VAR_DIR/sms, "aliyun" --------------------------------------------------
SMS_PROVIDER = env.str("SMS_PROVIDER", default="file" if DEMO else "")
SMS_SIGNATURE = env.str("SMS_SIGNATURE", default="")
SMS_TEMPLATES = json.loads(env.str("SMS_TEMPLATES", default="") or "{}")
SMS_KEY_ID = env.str("SMS_KEY_ID", default="")
SMS_KEY_SECRET = env.str("SMS_KEY_SECRET", default="")
SMS_ENDPOINT = env.str("SMS_ENDPOINT", default="https://dysmsapi.aliyuncs.com")
ROBOT_ORIGINS = env.list("ROBOT_ORIGINS", default=[])  # besides the makers' own hosts
SMS_QUIET_HOURS = env.str("SMS_QUIET_HOURS", default="21:00-08:00")

# --- logs -------------------------------------------------------------------------------------------------------------
LOGGING = logging(env.str("LOG_LEVEL", default="INFO"))
