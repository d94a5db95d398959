"""The page's own arithmetic against known answers and against the same things in Python."""

import base64
import csv
import hashlib
import json
import random
import re
import unicodedata
import zlib
from pathlib import Path

import pytest
import rfc8785

from psa_evidence.format import Tree, leaf_hash
from psa_evidence.format.commitment import commit
from psa_evidence.format.members import members
from psa_evidence.format.native_name import is_in_part
from psa_evidence.verify import names

DOCS = Path(__file__).resolve().parents[3] / "docs" / "format"
BYTES = "Uint8Array.from(atob(a), (c) => c.charCodeAt(0))"


def b64(data):
    return base64.b64encode(data).decode()


def vectors(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    return dict(re.findall(r"```\w+ vector=(\S+)\n(.*?)\n```", text, re.DOTALL))


def test_sha256_in_pieces_of_every_size(browser):
    data = random.Random(1).randbytes(5000)
    sizes = [*range(131), 191, 192, 193, 1000, 4096, 5000]
    expected = [hashlib.sha256(data[:size]).hexdigest() for size in sizes]
    assert browser.value(f"b.map((size) => hex(sha256({BYTES}.subarray(0, size))))", b64(data), sizes) == expected
    cuts = [0, 1, 64, 65, 120, 184, 255, 1000, 4999, 5000]
    pieces = f"""(() => {{ const hash = new Sha256(); const data = {BYTES};
      for (let i = 0; i + 1 < b.length; i += 1) hash.update(data.subarray(b[i], b[i + 1]));
      return hex(hash.digest()); }})()"""
    assert browser.value(pieces, b64(data), cuts) == hashlib.sha256(data).hexdigest()


def test_sha256_counts_beyond_the_bits_of_a_word(browser):
    """The length goes into the digest in bits: 2^29 bytes are more than 32 bits can count."""
    size = (1 << 29) + 3
    digest = hashlib.sha256()
    for _ in range(512):
        digest.update(bytes(1 << 20))
    digest.update(bytes(3))
    script = """(() => { const hash = new Sha256(); const block = new Uint8Array(1 << 20);
      for (let i = 0; i < 512; i += 1) hash.update(block);
      return hex(hash.update(new Uint8Array(3)).digest()); })()"""
    assert size * 8 > 2**32
    assert browser.value(script) == digest.hexdigest()


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("7", "7.disclosed.json"), ("7.disclosed", "7.disclosed.json"), ("7.disclosed", "7.disclosed.disclosed.json"),
        ("7.disclosed", "7.disclosed.2.json"), ("8", "7.disclosed.json"), ("a/7.disclosed", "a_7.disclosed.json"),
    ],
)  # fmt: skip
def test_the_page_tells_a_record_in_part_from_an_id_that_ends_like_one(browser, record, name):
    entry = {"native": f"data/natives/note/{name}", "kind": "note", "id": record}
    assert browser.value("isInPart(a)", entry) is is_in_part(entry["native"], "note", record)


TABLE = ["a", "b", '"', '""', ",", "\n", "\r\n", "\r", "\u00e9", "\U0001f600", " "]


def rows_in_python(text):
    lines = text.split("\n")
    lines = [f"{line}\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])
    try:
        return list(csv.reader(lines, strict=True))
    except csv.Error:
        return None


def test_rows_of_a_table_are_those_of_the_program(browser):
    draw = random.Random(3)
    texts = ["", "\n", "\r", '"', '"a"\r\nb', 'a"b', 'a,"b\n""c""",\n', "a\rb\n", "a\r\r\n", '"a"b']
    texts += ["".join(draw.choices(TABLE, k=draw.randrange(12))) for _ in range(2000)]
    script = """a.map((text) => { const rows = []; const reader = new CsvReader((row) => rows.push(row));
      try { const at = text.length >> 1; reader.push(text.slice(0, at)); reader.push(text.slice(at)); reader.end(); }
      catch (error) { if (error instanceof Unreadable) return null; throw error; }
      return rows; })"""
    expected = [rows_in_python(text) for text in texts]
    assert 300 < sum(rows is None for rows in expected) < 1700
    assert browser.value(script, texts) == expected


def test_crc32(browser):
    data = random.Random(2).randbytes(4099)
    cut = f"crc32(crc32(0, {BYTES}.subarray(0, 1027)), {BYTES}.subarray(1027))"
    assert browser.value(cut, b64(data)) == zlib.crc32(data)
    assert browser.value("crc32(0, utf8('123456789'))") == 0xCBF43926


@pytest.mark.parametrize(
    "text",
    [  # the first two are RFC 8785's own (3.2.2 and 3.2.3)
        (
            '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],'
            '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}'
        ),
        (
            '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",'
            '"\\ud83d\\ude00":"Emoji: Grinning Face",'
            '"\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}'
        ),
        "[-0,0.0,-0.0,1e21,1e-7,9007199254740991,5e-324,1.7976931348623157e308]",
        '[[],{},"",{"a":{"b":[1,2,{"c":null}]}}]',
        '"\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\\u2028/"',
        '{"__proto__":1,"constructor":2,"a":3}',
    ],
)
def test_canonical_json_as_rfc_8785(browser, text):
    assert browser.value("canonical(JSON.parse(a))", text) == rfc8785.dumps(json.loads(text)).decode()
    strict = "canonical(new StrictJson(utf8(a)).whole())"
    assert browser.value(strict, text) == rfc8785.dumps(json.loads(text)).decode()


def test_canonical_numbers_of_every_size(browser):
    made = random.Random(3)
    values = [made.uniform(-1, 1) * 10.0 ** made.randint(-320, 308) for _ in range(500)]
    texts = [repr(value) for value in values]
    assert browser.value("a.map((text) => canonical(JSON.parse(text)))", texts) == [
        rfc8785.dumps(json.loads(text)).decode() for text in texts
    ]


@pytest.mark.parametrize(
    ("text", "is_canonical"),
    [
        ('{"a":1,"b":2}', True),
        ('{"b":2,"a":1}', False),
        ('{"a": 1}', False),
        ('{"a":1.0}', False),
        ('{"a":"\\u0041"}', False),
    ],
)
def test_canonical_form_is_told_from_others(browser, text, is_canonical):
    assert browser.value("readJson(utf8(a)).canonical", text) is is_canonical


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a":1,"a":2}', '{"a":{"b":1,"b":1} }', "[1,]", "01", "NaN", "Infinity", "'a'", '"\t"',
     "[" * 65 + "]" * 65, "\ufeff{}", '{"a":1}x', '"\\ud800"'],
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused(browser, text):
    assert browser.js("readJson(utf8(a))", text)["error"].startswith("Error: ")


def test_trees_of_every_small_size(browser):
    for size in (1, 2, 3, 4, 5, 7, 8, 9, 16, 33, 100):
        leaves = [leaf_hash(b"%d" % number) for number in range(size)]
        tree = Tree(leaves)
        assert browser.value("hex(rootOf(a.map(unhex)))", [leaf.hex() for leaf in leaves]) == tree.root.hex()
        proofs = [[leaves[i].hex(), i, [step.hex() for step in tree.path(i)]] for i in range(size)]
        roots = browser.value(
            "a.map(([leaf, i, path]) => hex(rootFromPath(unhex(leaf), i, b, path.map(unhex))))", proofs, size
        )
        assert set(roots) == {tree.root.hex()}
    assert browser.value("hex(rootOf([]))") == hashlib.sha256(b"").hexdigest()


def test_indices_beyond_32_bits(browser):
    """A path in a tree of 2^40 leaves: halves are numbers, not words."""
    from psa_evidence.format import root_from_path

    path = [leaf_hash(b"%d" % step) for step in range(40)]
    for index in (0, 1, 2**32, 2**39 + 2**33 + 5, 2**40 - 1):
        expected = root_from_path(leaf_hash(b"x"), index, 2**40, path).hex()
        found = "hex(rootFromPath(unhex(a), b, 2 ** 40, c.map(unhex)))"
        assert browser.value(found, leaf_hash(b"x").hex(), index, [step.hex() for step in path]) == expected


def test_names_are_judged_as_the_verifier_judges_them(browser):
    paths = [
        "data/a.txt", "data/conin$.txt", "data/con .txt",
        "data/CON", "data/con.txt", "data/console", "data/a.", "data/a ", "data/ a", "data/a:b",
        "data/a|b", "../x", "/x", "\\x", "C:/x", "a//b", "a/./b", "", "~x", "data/" + "x" * 300, "data/" + "ü" * 128,
        "a/" * 40 + "b", "data/e\u0301", "data/\u00e9", "data/a\u200bb", "data/\ue000", "data/\u0378", "data/lpt¹.x",
        "x" * 2000, "data/a\0b", "data/\u2028", "data/😀", "data/a\\..\\b",
    ]  # fmt: skip
    for path, found in zip(paths, browser.value("a.map((path) => unportable(path))", paths), strict=True):
        assert bool(found) == bool(names.unportable(path)), path


def test_the_same_names_are_twins_for_page_and_verifier(browser):
    """Every character of the first plane: what is one name for one is one name for the other."""
    known = [
        chr(point)
        for point in range(0x80, 0x10000)
        if not 0xD800 <= point <= 0xDFFF and unicodedata.category(chr(point)) != "Cn"
    ]
    page_of, verifier_of = {}, {}
    for character, found in zip(known, browser.value("a.map((c) => twin('x' + c))", known), strict=True):
        expected = names.twin("x" + character)
        assert page_of.setdefault(expected, found) == found, f"U+{ord(character):04X}: two names for the page only"
        assert verifier_of.setdefault(found, expected) == expected, (
            f"U+{ord(character):04X}: one name for the page only"
        )


def test_text_of_strangers_is_shown_harmlessly(browser):
    for text in ("plain", "\u202eabc", "a\u0000b\n", "x" * 500, "\u00a0\u2003", "😀" * 300, "\ufeff"):
        assert browser.value("shown(a)", text) == names.shown(text)


@pytest.mark.parametrize("page", ["seal.md", "proofs.md", "manifest.md"])
def test_the_vectors_of_the_formats_read(browser, page):
    found = vectors(page)
    if page == "seal.md":
        for number in ("1", "2"):
            assert browser.value("sealOf(utf8(a)).digest", found[f"seal.{number}"]) == found[f"seal-digest.{number}"]
    elif page == "proofs.md":
        file = browser.value("proofFileOf(readJson(utf8(a)).value)", found["proofs"])
        assert browser.value("a.proofs.map((proof) => unproved(proof, a))", file) == ["", ""]
    else:
        assert browser.value("manifestOf(readJson(utf8(a)).value).records.length", found["manifest"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":1,"a":"b"}',
        b' \n{ "a" : [1, {"b": null}] ,"c":1.50e+3 }\r\n',
        b"{}",
        b"{ }",
        b"[]",
        b"",
        b"null",
        b'{"a":1,}',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":2}}',
        b'{"a":01}',
        b'{"a":-}',
        b'{"a":1.}',
        b'{"a":NaN}',
        b'{"a":tru}',
        b'{"a":"\t"}',
        b'{"a":"\\x"}',
        b'{"a":"\\ud800"}',
        b'{"\\ud800":1}',
        b'{"\\u0041\\/":1}',
        '{"ü😀":"ß"}'.encode(),
        b'{"a":"\xff"}',
        b"\xef\xbb\xbf{}",
        b'{"a":1}x',
        b'{"a":1',
        b'{"a" 1}',
        b"{'a':1}",
        b'{"a":' + b"[" * 99 + b"]" * 99 + b"}",
        b'{"a":' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"a":' + b'{"b":' * 98 + b"1" + b"}" * 99,
        b'{"a":1}\x00',
        b'{"a":"\x7f"}',
        b'{"a":' + b"1" * 5000 + b"}",
        b'{"a":[' + b"1," * 300 + b'"]"]}',
        b'{"__proto__":1,"constructor":2}',
        b'{"a":.5}',
        b'{"a":[1 2]}',
        b'{"a":[,]}',
        b"{,}",
        b'{"a":"\\u12g4"}',
        b'{"a":"',
        b'{"a":"\\',
    ],
)
def test_commitments_are_those_of_the_program(browser, body):
    """`record` and `fields` of a leaf, from bytes that are JSON, nearly JSON, and not."""
    salt = bytes(range(32))
    script = f"""(() => {{ const body = {BYTES}; const salt = unhex(b); const found = membersOf(body);
      return [hex(sha256(RECORD_DOMAIN, salt, body)), found && hex(rootOf(found.map(
        ([name, value], number) => fieldHash(fieldSalt(salt, number), name, value))))]; }})()"""
    assert browser.value(script, b64(body), salt.hex()) == list(commit(salt, body))


def test_commitments_to_broken_json_are_those_of_the_program(browser):
    """Every record of a small set, each byte once changed to each of some signs: found alike, member by member."""
    whole = b'{"id":12,"a":{"b":[true,null,-1.5e3]},"\\u00e9":"x\\n\\"y","z":""}'
    bodies = [
        whole[:at] + sign + whole[at + 1 :] for at in range(len(whole)) for sign in (b"", b'"', b"\\", b"}", b"0", b" ")
    ]
    script = """b.map((text) => { const found = membersOf(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
      return found && found.map(([name, value]) => [textOf(name), textOf(value)]); })"""
    expected = []
    for body in bodies:
        found = members(body)
        expected.append(found and [[name.decode(), body[start:end].decode()] for name, start, end in found])
    assert browser.value(script, None, [b64(body) for body in bodies]) == expected


READ_ONCE = """(async () => {
  const asked = [];
  const sizes = Object.fromEntries(a);
  const source = {
    files: new Map(Object.entries(sizes)),
    async *blocks(path) { asked.push(path); if (sizes[path]) yield new Uint8Array(sizes[path]); },
  };
  const bag = new Bag(source);
  bag.hashed = await hashAll(source, bag.kept, () => {});
  const salt = new Uint8Array(32);
  const record = hex(new Sha256().update(RECORD_DOMAIN).update(salt).update(new Uint8Array(3)).digest());
  await checkWhole(bag, {kind: "a", id: "1", native: "data/natives/a/1.json"}, salt, {leaf: {record, fields: null}});
  const hashed = [...bag.hashed].map(([path, found]) => [path, found.sha256, found.size]);
  return [[...bag.kept.files.keys()].sort(), MAX_KEPT - bag.kept.left, asked.length, hashed];
})()"""


def test_small_natives_are_kept_as_they_were_hashed_and_read_once(browser):
    sizes = [("data/natives/a/1.json", 3), ("data/other", 3), ("data/natives/a/2.json", 70000)]
    sizes.append(("data/natives/a/3.json", 0))
    kept, bytes_kept, asked, hashed = browser.value(READ_ONCE, sizes)
    assert kept == ["data/natives/a/1.json", "data/natives/a/3.json"]
    assert (bytes_kept, asked) == (3, 4)
    assert hashed == [[path, hashlib.sha256(bytes(size)).hexdigest(), size] for path, size in sizes]


def test_no_more_is_kept_than_the_bound(browser):
    script = """(() => { const kept = new Kept(); kept.left = 5;
      kept.offer("data/natives/a", new Uint8Array(4)); kept.offer("data/natives/b", new Uint8Array(2));
      kept.offer("data/natives/c", new Uint8Array(1)); return [[...kept.files.keys()], kept.left]; })()"""
    assert browser.value(script) == [["data/natives/a", "data/natives/c"], 0]
