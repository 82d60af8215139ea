import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from toolkit import checks, crypto
from toolkit.crypto import Unreadable, decrypt, encrypt, is_current, keyed_hash, keyed_hashes
from toolkit.crypto.rotation import reencrypt

from .samples import Sample

OLD, NEW = "old-secret-" * 4, "new-secret-" * 4
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
def test_what_is_encrypted_comes_back(text):
    token = encrypt(text)
    assert decrypt(token) == text
    assert token.isascii()
    assert is_current(token)


def test_the_same_text_never_looks_the_same():
    assert encrypt("11010519491231002X") != encrypt("11010519491231002X")


@pytest.mark.parametrize(
    "damage",
    [
        lambda t: t[:-3],
        lambda t: t[:-6] + "AAAAAA",
        lambda t: "a2" + t[2:],
        lambda t: t + "é",
        lambda t: "",
        lambda t: "a1.00000000.AAAA",
        lambda t: t.rsplit(".", 1)[0] + ".",
    ],
)
def test_a_damaged_token_is_unreadable_and_not_quoted(damage):
    token = damage(encrypt("秘密"))
    with pytest.raises(Unreadable) as caught:
        decrypt(token)
    assert token == "" or token not in str(caught.value)


def test_keys_are_of_one_purpose():
    with pytest.raises(Unreadable):
        decrypt(encrypt("一", "cursor"), "field")


def test_rotation_reads_old_and_writes_new(settings):
    settings.FIELD_KEYS = [OLD]
    token = encrypt("一")
    settings.FIELD_KEYS = [NEW, OLD]
    assert (decrypt(token), is_current(token), is_current(encrypt("一"))) == ("一", False, True)
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(Unreadable):
        decrypt(token)


def test_hashes_rotate_too(settings):
    settings.HASH_KEYS = [OLD]
    before = keyed_hash("resident_id", "一")
    settings.HASH_KEYS = [NEW, OLD]
    assert keyed_hashes("resident_id", "一") == [keyed_hash("resident_id", "一"), before]
    assert before != keyed_hash("resident_id", "一")


def test_hashes_depend_on_purpose_and_value():
    found = {keyed_hash(purpose, value) for purpose in ("phone", "mrn") for value in ("1", "2")}
    assert (len(found), {len(each) for each in found}) == (4, {64})
    assert keyed_hash("phone", "1") == keyed_hash("phone", "1")


@pytest.mark.parametrize("keys", [[], None, "one string", ()])
def test_without_keys_nothing_works(settings, keys):
    settings.FIELD_KEYS = settings.HASH_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        encrypt("一")
    with pytest.raises(ImproperlyConfigured):
        keyed_hash("phone", "1")


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([], ["toolkit.E001"]),
        ("text", ["toolkit.E001"]),
        (["", "x" * 40], ["toolkit.E001"]),
        (["short"], ["toolkit.W001"]),
        (["x" * 32], []),
    ],
)
def test_the_system_check_looks_at_the_keys(settings, keys, found):
    settings.FIELD_KEYS, settings.HASH_KEYS = keys, ["y" * 40]
    assert [each.id for each in checks.secrets_are_usable(None)] == found


def _column(name, pk):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM toolkit_sample WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_table")
class TestFields:
    @pytest.mark.parametrize("value", ["13812341234", "张三\n李四", "a1.looks.like", "0"])
    def test_text(self, value):
        Sample.objects.create(id=1, secret=value)
        assert Sample.objects.get().secret == value
        assert _column("secret", 1) != value
        assert decrypt(_column("secret", 1)) == value

    @pytest.mark.parametrize("value", [{"name": "李四", "n": 1}, [], {}, "text", 0, False, ["a", None]])
    def test_json(self, value):
        Sample.objects.create(id=1, facts=value)
        assert Sample.objects.get().facts == value
        assert _column("facts", 1).startswith("a1.")

    def test_nothing_stays_nothing(self):
        Sample.objects.create(id=1, secret="", facts=None)
        found = Sample.objects.get()
        assert (found.secret, found.facts, _column("secret", 1), _column("facts", 1)) == ("", None, "", None)
        assert Sample.objects.filter(facts__isnull=True).exists()

    def test_all_roads_encrypt(self):
        Sample.objects.bulk_create([Sample(id=1, secret="一"), Sample(id=2, secret="二")])
        rows = list(Sample.objects.order_by("id"))
        rows[0].secret = "三"
        Sample.objects.bulk_update(rows, ["secret"])
        Sample.objects.filter(id=2).update(secret="四")
        assert list(Sample.objects.order_by("id").values_list("secret", flat=True)) == ["三", "四"]
        assert all(_column("secret", pk).startswith("a1.") for pk in (1, 2))

    @pytest.mark.parametrize("lookup", ["secret", "secret__contains", "secret__in", "facts__name"])
    def test_they_cannot_be_searched(self, lookup):
        with pytest.raises(FieldError):
            Sample.objects.filter(**{lookup: "一"}).exists()

    def test_old_tokens_are_rewritten_once(self, settings):
        settings.FIELD_KEYS = [OLD]
        Sample.objects.bulk_create([Sample(id=1, secret="一", facts={"a": 1}), Sample(id=2, secret="", facts=None)])
        settings.FIELD_KEYS = [NEW, OLD]
        Sample.objects.create(id=3, secret="三", facts=[3])
        assert [reencrypt(Sample, name) for name in ("secret", "facts", "secret", "facts")] == [1, 1, 0, 0]
        settings.FIELD_KEYS = [NEW]
        found = Sample.objects.order_by("id").values_list("secret", "facts")
        assert list(found) == [("一", {"a": 1}), ("", None), ("三", [3])]


def test_migrations_name_the_fields_where_they_live():
    paths = [Sample._meta.get_field(name).deconstruct()[1] for name in ("secret", "facts")]
    assert paths == ["toolkit.crypto.fields.EncryptedTextField", "toolkit.crypto.fields.EncryptedJSONField"]
    assert crypto.EncryptedTextField.__module__ == "toolkit.crypto.fields"


def test_bytes_come_back_in_their_place_only(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = crypto.encrypt_bytes(b"\x00.\xff", "ab/1")
    settings.FIELD_KEYS = [NEW, OLD]
    assert crypto.decrypt_bytes(sealed, "ab/1") == b"\x00.\xff"
    assert sealed.split(b".")[1].decode() != crypto.current_key_id("file")
    for damaged, place in ((sealed, "ab/2"), (sealed[:-1], "ab/1"), (b"", "ab/1"), (b"a1.\xff.x", "ab/1")):
        with pytest.raises(Unreadable):
            crypto.decrypt_bytes(damaged, place)
