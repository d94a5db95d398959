"""What an attacker does to a pack, as data: each edit of a case names an operation here, each repair a layer.

Edits are made in any order and as often as the case says; a repair may stand among them (`do = "repair"`). Texts are
ISO-8859-1, so that any byte is one character.
"""

import csv
import hashlib
import io
import json
import re
import stat
import tempfile
import unicodedata
import warnings
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import xlsxwriter
from pypdf import PdfReader
from pypdf.generic import NameObject, TextStringObject

from psa_evidence.format import Disclosed, Tree, canonical, commit, sha256
from psa_evidence.format.log import digest_of_line
from psa_evidence.format.proofs import read_leaf
from psa_evidence.format.timestamp_certificates import to_pem
from psa_evidence.format.timestamp_request import request
from psa_evidence.pack.pdf_seal import PdfSealer, SealAuthority
from psa_evidence.simulator.authority import Faults, respond
from psa_evidence.verify import cited_pages, copied

MANIFEST = "data/manifest.json"
PDF = "data/Evidence Pack.pdf"
TAGS = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")
ALL = ("differences", "redaction", "readable", "volume", "natives", "counts", "manifest", "pdf", "bag", "tags")
"""Layers from the inside out, as far as anybody can repair them who has neither the vault nor an authority's key."""


def plain(text):
    return text.encode("latin-1")


class Attacker:
    """`files` is the pack; `others` are the packs it may take files from."""

    def __init__(self, files, others, forger, authority, small_pdf):
        self.unchanged = dict(files)
        self.files, self.others, self.keys = files, others, {"forger": forger, "authority": authority}
        self.small_pdf, self.zip_edits, self.zip_changes, self.links = small_pdf, [], [], []
        self.labels = [str(x) for x in PdfReader(io.BytesIO(files[PDF])).page_labels]
        self.attached = None

    def run(self, case):
        for edit in case.get("edit", ()):
            arguments = dict(edit)
            getattr(self, "do_" + arguments.pop("do"))(**arguments)
        self.do_repair(case.get("repair", ()))

    # files

    def do_flip(self, path, at=0):
        """Turn one bit over."""
        data = bytearray(self.files[path])
        data[at] ^= 1
        self.files[path] = bytes(data)

    def do_delete(self, path):
        """Delete a file, or all below a folder when the path ends in a slash."""
        gone = [p for p in self.files if p == path or (path.endswith("/") and p.startswith(path))]
        assert gone
        for each in gone:
            del self.files[each]

    def do_add(self, path, text="", repeat=1):
        assert path not in self.files
        self.files[path] = plain(text) * repeat

    def do_copy(self, path, to, base=None):
        """Lay the file of this or of another pack at `to`."""
        self.files[to] = self.others[base][path] if base else self.files[path]

    def do_rename(self, path, to):
        self.files[to] = self.files.pop(path)

    def do_twin(self, path, form="NFD"):
        """A second file whose name is the same in another form of Unicode, or looks the same."""
        twin = {"case": str.swapcase, "wide": lambda s: s.replace("t", "\uff54", 1), "dot": lambda s: s + "."}.get(
            form, lambda s: unicodedata.normalize(form, s.replace("e", "\u00e9", 1))
        )(path.rpartition("/")[2])
        self.files[path.rpartition("/")[0] + "/" + twin] = self.files[path]

    def do_swap(self, one, two):
        self.files[one], self.files[two] = self.files[two], self.files[one]

    def do_replace(self, path, old, new, count=-1):
        assert plain(old) in self.files[path], f"{old!r} is not in {path}"
        self.files[path] = self.files[path].replace(plain(old), plain(new), count)

    def do_append(self, path, text, repeat=1):
        self.files[path] += plain(text) * repeat

    def do_append_file(self, path, base):
        """Append the file of another pack."""
        self.files[path] += self.others[base][path]

    def do_upper(self, path):
        """The digests of a manifest in capitals."""
        lines = self.files[path].splitlines(keepends=True)
        self.files[path] = b"".join(line[:64].upper() + line[64:] for line in lines)

    def do_strip(self, path, lines):
        """Take away the last lines."""
        kept = self.files[path].splitlines(keepends=True)[:-lines]
        self.files[path] = b"".join(kept)

    def do_reorder(self, path, at=None, lines=None):
        """Turn a list of a document around, or exchange two lines."""
        if at is not None:
            self._change(path, at, lambda holder, key: holder[key].reverse())
            return
        held = self.files[path].splitlines(keepends=True)
        one, two = lines
        held[one], held[two] = held[two], held[one]
        self.files[path] = b"".join(held)

    def do_link(self, path, to):
        """A symbolic link in the folder."""
        self.links.append((path, to))

    # documents (canonical JSON)

    def do_set(self, path, at, value):
        def put(holder, key):
            assert not isinstance(holder, dict) or holder.get(key) != value
            holder[key] = None if value == "null" else value

        self._change(path, at, put)

    def do_remove(self, path, at):
        def drop(holder, key):
            del holder[key]

        self._change(path, at, drop)

    def do_duplicate(self, path, at):
        """Put an element of a list a second time behind itself."""
        self._change(path, at, lambda holder, key: holder.insert(key, holder[key]))

    def do_exchange(self, path, one, two):
        """Exchange two values of a document."""
        document = json.loads(self.files[path])
        (a, x), (b, y) = self._find(document, one), self._find(document, two)
        a[x], b[y] = b[y], a[x]
        self.files[path] = canonical(document)

    def do_in_workbook(self, old, new):
        """Change what a sheet of the workbook says."""
        book = "data/tables/Evidence tables.xlsx"
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.files[book])) as found, zipfile.ZipFile(out, "w") as made:
            for name in found.namelist():
                made.writestr(name, found.read(name).replace(plain(old), plain(new), 1))
        assert out.getvalue() != self.files[book]
        self.files[book] = out.getvalue()

    def do_copy_in_workbook(self, part, to):
        """A second part of the workbook, with the words of another."""
        book = "data/tables/Evidence tables.xlsx"
        out = io.BytesIO(self.files[book])
        with zipfile.ZipFile(out, "a") as made:
            made.writestr(to, made.read(part))
        self.files[book] = out.getvalue()

    def do_native_of_line(self, native, load_file, old, new):
        """Change a native of a production volume, and its digest in the load file."""
        before = sha256(self.files[native])
        self.do_replace(native, old, new)
        self.do_replace(load_file, before, sha256(self.files[native]))

    def do_pretty(self, path):
        """The same document in another form."""
        self.files[path] = json.dumps(json.loads(self.files[path]), indent=1).encode()

    def _change(self, path, at, change):
        document = json.loads(self.files[path])
        change(*self._find(document, at))
        self.files[path] = canonical(document)

    def _find(self, document, at):
        """Holder and key of a place: names and numbers with slashes; `kind=ticket&id=1001` finds one in a list."""
        *way, last = at.strip("/").split("/")
        for step in way:
            document = document[self._key(document, step)]
        return document, self._key(document, last)

    @staticmethod
    def _key(holder, step):
        if not isinstance(holder, list):
            return step
        if "=" not in step:
            return int(step)
        wanted = dict(pair.split("=") for pair in step.split("&"))
        [place] = [n for n, x in enumerate(holder) if all(str(x[k]) == v for k, v in wanted.items())]
        return place

    # the custody log

    def do_relink(self, path):
        """Number the entries anew and have each bear the digest of the one before, withheld ones too."""
        lines, previous = [], None
        for number, line in enumerate(self.files[path].splitlines(), 1):
            lines.append(canonical({**json.loads(line), "number": number, "previous": previous}))
            previous = digest_of_line(lines[-1]) if b'"entry"' not in lines[-1] else sha256(lines[-1])
        self.files[path] = b"".join(line + b"\n" for line in lines)

    def do_drop_line(self, path, line):
        held = self.files[path].splitlines(keepends=True)
        del held[line]
        self.files[path] = b"".join(held)

    def do_withhold_as_before(self, path, line, seal):
        """Stand the digest that a seal states in the place of an entry, as packs once did."""
        held = self.files[path].splitlines(keepends=True)
        entry = json.loads(held[line])
        stated = json.loads(self.files[f"seals/{seal:06d}.json"])["logs"]["custody"]["sha256"]
        held[line] = canonical({"number": entry["number"], "previous": entry["previous"], "withheld": stated}) + b"\n"
        self.files[path] = b"".join(held)

    # tables

    def do_cells(self, path, where, cells, rows=1):
        """Change cells of the rows that `where` finds."""
        heading, table = self._table(path)
        found = self._rows(heading, table, where)
        assert len(found) == rows, (len(found), path)
        for row in found:
            for name, value in cells.items():
                assert row[heading.index(name)] != value
                row[heading.index(name)] = value
        self._write(path, [heading, *table])

    def do_column(self, path, column, value):
        """The same cell in every row."""
        heading, table = self._table(path)
        place = heading.index(column)
        assert any(row[place] != value for row in table)
        self._write(path, [heading, *([*row[:place], value, *row[place + 1 :]] for row in table)])

    def do_drop_column(self, path, column):
        """Take a column out of a table, and out of the list of columns."""
        heading, table = self._table(path)
        at, name = heading.index(column), path.rpartition("/")[2].removesuffix(".csv")
        self._write(path, [[*row[:at], *row[at + 1 :]] for row in (heading, *table)])
        columns = "data/tables/columns.csv"
        heading, table = self._table(columns)
        self._write(columns, [heading, *(row for row in table if (row[0], row[2]) != (name, column))])

    def do_exhibits(self, kind, exhibit, record_id=""):
        """Have the manifest place every record of a kind, or one, in one exhibit, or in none."""
        document = json.loads(self.files[MANIFEST])
        for record in [r for r in document["records"] if r["kind"] == kind and record_id in {"", r["id"]}]:
            record["exhibit"] = exhibit or None
        self.files[MANIFEST] = canonical(document)

    def do_drop_row(self, path, where, rows=1):
        heading, table = self._table(path)
        found = self._rows(heading, table, where)
        assert len(found) == rows, (len(found), path)
        self._write(path, [heading, *(row for row in table if row not in found)])

    def do_double_row(self, path, where):
        heading, table = self._table(path)
        [row] = self._rows(heading, table, where)
        self._write(path, [heading, *table, row])

    def do_add_row(self, path, like, cells):
        """A row like another, but for some cells."""
        heading, table = self._table(path)
        [row] = self._rows(heading, table, like)
        made = dict(zip(heading, row, strict=True)) | cells
        self._write(path, [heading, *table, list(made.values())])

    def _table(self, path):
        heading, *table = csv.reader(io.StringIO(self.files[path].decode("utf-8-sig"), newline=""))
        return heading, table

    @staticmethod
    def _rows(heading, table, where):
        return [row for row in table if all(row[heading.index(k)] == v for k, v in where.items())]

    def _write(self, path, rows):
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerows(rows)
        self.files[path] = out.getvalue().encode("utf-8-sig")

    # records

    def do_withhold(self, path, field, reason):
        """Withhold a field of a record that is shown whole: its proof gives away the salt."""
        manifest = json.loads(self.files[MANIFEST])
        [record] = [r for r in manifest["records"] if r["native"] == path]
        proofs = f"data/proofs/{record['seal']:06d}.json"
        document = json.loads(self.files[proofs])
        [proof] = [p for p in document["proofs"] if p["index"] == record["index"]]
        salt, proof["salt"] = bytes.fromhex(proof["salt"]), None
        self.files[proofs] = canonical(document)
        record["native"] = path.replace(".json", ".disclosed.json")
        shown = Disclosed.of(record["kind"], record["id"], self.files.pop(path), salt, {field: reason})
        self.files[record["native"]] = shown.document()
        manifest["counts"]["withheld_fields"] = manifest["counts"].get("withheld_fields", 0) + 1
        self.files[MANIFEST] = canonical(manifest)

    def do_leave_out_version(self, path):
        """Leave out the native of an earlier version, with its record, its proof and its place in the population."""
        manifest = json.loads(self.files[MANIFEST])
        [record] = [r for r in manifest["records"] if r["native"] == path]
        manifest["records"].remove(record)
        self.files[MANIFEST] = canonical(manifest)
        del self.files[path]
        proofs = f"data/proofs/{record['seal']:06d}.json"
        document = json.loads(self.files[proofs])
        document["proofs"] = [proof for proof in document["proofs"] if proof["index"] != record["index"]]
        self.files[proofs] = canonical(document)
        for log in ("data/logs/population.csv", "data/tables/population.csv"):
            heading, table = self._table(log)
            [row] = self._rows(heading, table, {"kind": record["kind"], "class": "earlier version"})
            table.remove(row)
            if (left := int(row[heading.index("number")]) - 1) > 0:
                table.append([*row[: heading.index("number")], str(left)])
            self._write(log, [heading, *table])

    def do_graft(self, base, record):
        """Take a record of another pack into this one, with its proof, and count it."""
        theirs, manifest = self.others[base], json.loads(self.files[MANIFEST])
        kind, _, named = record.partition("/")
        [record] = [r for r in json.loads(theirs[MANIFEST])["records"] if (r["kind"], r["id"]) == (kind, named)]
        proofs = f"data/proofs/{record['seal']:06d}.json"
        document = json.loads(self.files[proofs])
        document["proofs"] += [p for p in json.loads(theirs[proofs])["proofs"] if p["index"] == record["index"]]
        document["proofs"].sort(key=lambda proof: proof["index"])
        self.files[proofs] = canonical(document)
        self.files[record["native"]] = theirs[record["native"]]
        manifest["records"].append(record)
        manifest["counts"]["captured"] += 1
        self.files[MANIFEST] = canonical(manifest)
        for path in ("data/logs/population.csv", "data/tables/population.csv"):
            heading, table = self._table(path)
            for row in self._rows(heading, table, {"kind": kind}):
                if row[heading.index("class")] in {"captured", "included"}:
                    row[heading.index("number")] = str(int(row[heading.index("number")]) + 1)
            self._write(path, [heading, *table])

    # time

    def do_token(
        self, seal, authority="demo", keys="authority", over=None, seconds=7, stated=None, claim=True, **faults
    ):
        """A token over the document of the seal, or over `over`, some seconds after it was made, in place of the one
        there; `claim` puts it into the manifest."""
        number = f"{seal:06d}"
        document = json.loads(self.files[f"seals/{number}.json"])
        made = datetime.fromisoformat(document["sealed_at"]).timestamp() + seconds
        now = datetime.fromtimestamp(made, tz=datetime.fromisoformat(document["sealed_at"]).tzinfo)
        data = self.files[over or f"seals/{number}.json"]
        asked = request(hashlib.sha256(data).digest(), nonce=9)
        path = f"seals/{number}.{authority}.tsr"
        self.files[path] = respond(asked, self.keys[keys], now=now, serial=99, faults=Faults(**faults))
        if claim:
            token = {"authority": authority, "path": path, "seal": seal, "sha256": sha256(self.files[path]),
                     "stated_time": stated or now.isoformat().replace("+00:00", "Z")}  # fmt: skip

            def put(holder, key):
                holder[key] = sorted(
                    [t for t in holder[key] if t["path"] != path] + [token], key=lambda t: (t["seal"], t["authority"])
                )

            self._change(MANIFEST, "witness/tokens", put)

    def do_set_text(self, path, text):
        assert path in self.files
        self.files[path] = plain(text)

    def do_drop_time(self, *, authority=None, renewal=None, seal=None, tokens=False):
        """Take renewals out of the pack (of one seal, or their tokens alone), or all tokens of an authority."""
        document = json.loads(self.files[MANIFEST])
        witness = document["witness"]
        chosen = [r for r in witness["renewals"] if renewal == r["number"] and seal in {None, r["seal"]}]
        gone = [t for r in chosen for t in r["tokens"]]
        if authority:
            gone = [t for t in witness["tokens"] if t["authority"] == authority]
            gone += [t for r in witness["renewals"] for t in r["tokens"] if t["authority"] == authority]
            self.files.pop(f"seals/authorities/{authority}.pem", None)
        if not tokens:
            for each in chosen:
                witness["renewals"].remove(each)
                del self.files[each["path"]]
        for holder in (witness, *witness["renewals"]):
            holder["tokens"] = [t for t in holder["tokens"] if t not in gone]
        for path in {t["path"] for t in gone}:
            del self.files[path]
        assert gone
        self.files[MANIFEST] = canonical(document)

    def do_copy_renewal(self, seal):
        """The first renewal of a seal once more, as its second."""
        document = json.loads(self.files[MANIFEST])
        renewals = document["witness"]["renewals"]
        [place] = [n for n, r in enumerate(renewals) if r["seal"] == seal]
        text = json.dumps(renewals[place]).replace("renewal-1", "renewal-2").replace('"number": 1', '"number": 2')
        renewals.insert(place + 1, json.loads(text))
        for path in [p for p in self.files if p.startswith(f"seals/{seal:06d}.renewal-1.")]:
            self.files[path.replace("renewal-1", "renewal-2")] = self.files[path]
        self.files[MANIFEST] = canonical(document)

    def do_second_name(self, seal, authority, name):
        """A token once more, under the name of another authority."""
        document = json.loads(self.files[MANIFEST])
        tokens = document["witness"]["tokens"]
        [token] = [t for t in tokens if (t["seal"], t["authority"]) == (seal, authority)]
        path = token["path"].replace(f".{authority}.", f".{name}.")
        tokens.append(token | {"authority": name, "path": path})
        tokens.sort(key=lambda t: (t["seal"], t["authority"]))
        self.files[path] = self.files[token["path"]]
        self.files[MANIFEST] = canonical(document)

    def do_seal_anew(self, at):
        """Seals of his own over the records that the pack shows, as they are now, with the salts that it gives away;
        the authority stamps them when he asks, as it does for everybody."""
        manifest, previous = json.loads(self.files[MANIFEST]), None
        self.files["data/logs/custody.jsonl"] = b""
        for path in sorted(p for p in self.files if p.startswith("seals/") and p.endswith(".json")):
            seal = json.loads(self.files[path])
            proofs = f"data/proofs/{seal['number']:06d}.json"
            document = json.loads(self.files[proofs])
            tree = Tree([read_leaf(proof["leaf"]).hash() for proof in document["proofs"]])
            places = {proof["index"]: place for place, proof in enumerate(document["proofs"])}
            for place, proof in enumerate(document["proofs"]):
                proof |= {"index": place, "path": [step.hex() for step in tree.path(place)]}
            document |= {"root": tree.root.hex(), "size": len(tree)}
            self.files[proofs] = canonical(document)
            counts = Counter(proof["leaf"]["kind"] for proof in document["proofs"])
            seal["logs"]["custody"] = {"entries": 0, "sha256": None}
            seal |= {"root": tree.root.hex(), "leaves": len(tree), "counts": counts, "sealed_at": at}
            self.files[path] = canonical(seal | {"previous": previous})
            previous = sha256(self.files[path])
            for record in manifest["records"]:
                if record["seal"] == seal["number"]:
                    record["index"] = places[record["index"]]
        self.files[MANIFEST] = canonical(manifest)
        self.repair_seals()
        for number in (seal["number"] for seal in manifest["seals"]):
            self.do_token(number)

    def do_chain_of_forger(self, authority="demo"):
        """The certificates of an authority of the attacker's own."""
        self.files[f"seals/authorities/{authority}.pem"] = to_pem(self.keys["forger"].chain)

    # the PDF

    def do_labels(self, old, new, count=1):
        """Other numbers on the pages: they are laid out anew when the PDF is repaired."""
        assert old in self.labels
        place = self.labels.index(old)
        self.labels[place : place + count] = [new] if new else []

    def do_attached(self, text):
        """What the PDF is to carry in place of the manifest; empty: nothing."""
        self.attached = plain(text)

    def do_revision(self):
        """Add a revision behind the PDF that changes what a page shows, as any PDF editor does."""
        data = self.files[PDF]
        reader = PdfReader(io.BytesIO(data))
        page = reader.pages[0]
        number = page.indirect_reference.idnum
        start = int(data.rsplit(b"startxref", 1)[1].split()[0])
        changed = b"%d 0 obj\n<< /Type /Page /Parent %d 0 R /MediaBox [0 0 300 300] /Resources << >> >>\nendobj\n" % (
            number, page["/Parent"].indirect_reference.idnum,
        )  # fmt: skip
        offset = len(data) + 1
        root, size = reader.trailer.raw_get("/Root").idnum, int(reader.trailer["/Size"])
        self.files[PDF] = data + b"\n" + changed + (
            b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (number, offset, size, root, start, offset + len(changed))
        )  # fmt: skip
        assert PdfReader(io.BytesIO(self.files[PDF])).pages[0].mediabox.width == 300

    def do_pdf_update(self, what):
        """Add a revision behind the PDF: with another attachment, other labels, or a note over a page."""
        data = self.files[PDF]
        reader = PdfReader(io.BytesIO(data))
        catalogue, page = reader.trailer["/Root"], reader.pages[0]
        number = int(reader.trailer["/Size"])
        if what == "attachment":
            [specification] = [x.get_object() for x in catalogue["/Names"]["/EmbeddedFiles"]["/Names"][1::2]]
            number = specification["/EF"].raw_get("/F").idnum
            body = b"<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream"
        elif what == "labels":
            number = reader.trailer.raw_get("/Root").idnum
            catalogue[NameObject("/PageLabels")] = TextStringObject("here")
            body = written(catalogue).replace(b"(here)", b"<< /Nums [0 << /S /D /P (NW-00) /St 5000 >>] >>")
        else:
            number = page.indirect_reference.idnum
            page[NameObject("/Annots")] = TextStringObject("here")
            note = b"<< /Type /Annot /Subtype /FreeText /Rect [0 0 612 792] /Contents (All met) /F 4 >>"
            body = written(page).replace(b"(here)", b"[" + note + b"]")
        at = len(data) + 1
        changed = b"\n%d 0 obj\n%b\nendobj\n" % (number, body)
        self.files[PDF] = data + changed + (
            b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (
                number, at, int(reader.trailer["/Size"]), reader.trailer.raw_get("/Root").idnum,
                int(data.rsplit(b"startxref", 1)[1].split()[0]), len(data) + len(changed),
            )
        )  # fmt: skip

    def do_pdf_seal(self, what):
        """Spoil the seal of the PDF in its place: `zeros` for the signature, a range that covers `nothing`, `padding`
        that holds something, or another object `wrapped` between the signature and what it covers."""
        data = self.files[PDF]
        contents = re.search(rb"/Contents\s*<([0-9a-fA-F]*)>", data)
        stated = re.search(rb"/ByteRange\s*\[([^\]]*)\]", data)
        ranges = [int(number) for number in stated[1].split()]
        put = b""
        if what == "zeros":
            data = data[: contents.start(1)] + b"0" * len(contents[1]) + data[contents.end(1) :]
        elif what == "padding":
            data = data[: contents.end(1) - 6] + b"4d4554" + data[contents.end(1) :]
        elif what == "wrapped":
            put = b" /Shadow (All met) "
            ranges[2] += len(put)
        else:
            ranges = [0, 0, 0, 0]
        again = b"/ByteRange [%d %d %d %d]" % tuple(ranges)
        assert len(again) <= len(stated[0])
        data = data.replace(stated[0], again.ljust(len(stated[0])))
        self.files[PDF] = data[: contents.end()] + put + data[contents.end() :]

    def do_stamp_pdf(self, at="2025-08-01T09:00:00Z"):
        """A document time-stamp of the authority, which stamps for everybody who asks, some time later."""
        now = datetime.fromisoformat(at)

        def ask(_url, asked):
            return respond(asked, self.keys["authority"], now=now, serial=98)

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.pdf"
            file.write_bytes(self.files[PDF])
            sealed = PdfSealer([SealAuthority("demo", "http://authority.example/")], ask).seal([file])
            assert sealed.reached == "document time-stamp"
            self.files[PDF] = file.read_bytes()

    # the ZIP file

    def do_zip_header(self, name, at, text):
        """Have a member's own header say something else than the directory."""

        def change(data):
            here = data.index(plain(name)) - 30 + at
            return data[:here] + plain(text) + data[here + len(text) :]

        self.zip_changes.append(change)

    def do_zip_hide(self, name, text):
        """A member before the directory that the directory does not list: programs that unpack as they read find it."""

        def hide(data):
            member = io.BytesIO()
            with zipfile.ZipFile(member, "w") as made:
                made.writestr(name, plain(text))
            alone = member.getvalue()[: member.getvalue().index(b"PK\x01\x02")]
            at = int.from_bytes(data[-6:-2], "little")
            return data[:at] + alone + data[at:-6] + (at + len(alone)).to_bytes(4, "little") + data[-2:]

        self.zip_changes.append(hide)

    def do_zip_append(self, text):
        self.zip_changes.append(lambda data: data + plain(text))

    def do_zip_add(self, name, text="x", mode=0, method="deflated", repeat=1):
        self.zip_edits.append((name, plain(text) * repeat, mode, method))

    # repairs, from the inside out

    def do_repair(self, layers):
        for layer in layers:
            for one in ALL if layer == "all" else (layer,):
                getattr(self, "repair_" + one)()

    def repair_differences(self):
        """`differences.csv`, made again where the results were changed."""
        results, path = "data/tables/sla_results.csv", "data/tables/differences.csv"
        if path not in self.files or self.files.get(results) in {None, self.unchanged[results]}:
            return
        heading, table = self._table(results)
        of = {}
        for row in (dict(zip(heading, cells, strict=True)) for cells in table):
            of[row["ticket"], row["stage"], row["reading"]] = row
        names, before = self._table(path)
        known = {tuple(row[:2]): dict(zip(names, row, strict=True)) for row in before}
        made = []
        for (ticket, stage, reading), psa in of.items():
            ours = of.get((ticket, stage, "contract"))
            if reading != "psa" or ours is None:
                continue
            both, seconds = [psa["elapsed_seconds"], ours["elapsed_seconds"]], ""
            if all(both) and ours["met_at"]:
                seconds = int(both[1]) - int(both[0])
            allowed = 60 * (1 + ("response", "plan", "resolution").index(stage))
            judged = {psa["verdict"], ours["verdict"]} == {"met", "missed"}
            if judged or (seconds != "" and not 0 <= seconds < allowed):
                made.append(known.get((ticket, stage), {}) | {
                    "ticket": ticket, "stage": stage, "psa_verdict": psa["verdict"], "our_verdict": ours["verdict"],
                    "seconds": str(seconds), "psa_seconds": both[0], "our_seconds": both[1],
                    "psa_met_at": psa["met_at"], "our_met_at": ours["met_at"],
                })  # fmt: skip
        self._write(path, [names, *([row.get(name, "") for name in names] for row in made)])

    def repair_redaction(self):
        """`redaction.csv`, made again where other natives withhold fields, or for other reasons, than before."""
        path, rows = "data/logs/redaction.csv", {}
        for files in (self.unchanged, self.files):
            rows[files is self.files] = made = []
            for record in json.loads(files[MANIFEST])["records"]:
                if record["native"].endswith(".disclosed.json") and record["native"] in files:
                    try:
                        fields = json.loads(files[record["native"]])["fields"]
                        reasons = Counter(field["reason"] for field in fields if "hash" in field)
                    except (ValueError, KeyError, TypeError):
                        continue
                    key = f"{record['kind']}/{record['id']}"
                    made += [[key, record["native"], reason, str(n)] for reason, n in sorted(reasons.items())]
        if rows[True] != rows[False]:
            self._write(path, [["record", "native", "reason", "fields"], *rows[True]])

    def repair_readable(self):
        """`natives.csv`, the pages that rows cite, `custody.csv` and the workbook, made again where what they are made
        of was changed."""
        self._repair_table_of_natives()
        self._repair_cites()
        log, table, book = "data/logs/custody.jsonl", "data/logs/custody.csv", "data/tables/Evidence tables.xlsx"
        made = {p: d for p, d in self.files.items() if p.startswith("data/tables/") and p.endswith(".csv")}
        if self.files.get(log) != self.unchanged.get(log) and log in self.files:
            entries = [json.loads(line) for line in self.files[log].splitlines()]
            names = ("number", "at", "who", "action", "subject")
            rows = [[e[n] for n in names] + [json.dumps(e["detail"])] for e in entries if "action" in e]
            self._write(table, [[*names, "detail"], *rows])
        tables = {p: d for p, d in self.unchanged.items() if p.startswith("data/tables/") and p.endswith(".csv")}
        if book in self.files and made != tables:
            out = io.BytesIO()
            with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as workbook:
                for path in made:
                    if not path.endswith("/columns.csv"):
                        sheet = workbook.add_worksheet(path.rpartition("/")[2].removesuffix(".csv"))
                        heading, rows = self._table(path)
                        for number, row in enumerate([heading, *rows]):
                            for place, cell in enumerate(row):
                                sheet.write_string(number, place, cell)
            self.files[book] = out.getvalue()

    def _repair_table_of_natives(self):
        path = "data/tables/natives.csv"
        if path not in self.files:
            return
        now = {r["native"]: r for r in json.loads(self.files[MANIFEST])["records"]}
        before = {r["native"] for r in json.loads(self.unchanged[MANIFEST])["records"]}
        heading, rows = self._table(path)
        made = []
        for row in [dict(zip(heading, row, strict=True)) for row in rows]:
            native = row["native"]
            if native in now and native in self.files:
                if self.files[native] != self.unchanged.get(native):
                    row |= {"sha256": sha256(self.files[native]), "bytes": str(len(self.files[native]))}
                made.append(row | {"record": f"{now[native]['kind']}/{now[native]['id']}"})
            elif native in before and native in now:
                made.append(row)
        for native in now.keys() - before:
            body = self.files.get(native, b"")
            key = f"{now[native]['kind']}/{now[native]['id']}"
            row = {"record": key, "native": native, "sha256": sha256(body), "bytes": str(len(body))}
            made.append(dict.fromkeys(heading, "") | row)
        held = {r["native"]: r for r in json.loads(self.unchanged[MANIFEST])["records"]}
        for row in made:  # what he wrote into the table himself stays
            then, since = self._placed(held, self.unchanged, row), self._placed(now, self.files, row)
            row |= {name: cell for name, cell in since.items() if name in row and then.get(name) != cell}
        if [list(row.values()) for row in made] != rows:
            self._write(path, [heading, *(row.values() for row in made)])

    @staticmethod
    def _placed(records, files, row):
        """What manifest and seals say of the record of a row of the table of natives."""
        record = records.get(row["native"])
        if record is None:
            return {}
        same = [r for r in records.values() if (r["kind"], r["id"]) == (record["kind"], record["id"])]
        ages = sorted((r["seal"], r["index"]) for r in same)
        place = ages.index((record["seal"], record["index"]))
        seal = json.loads(files.get(f"seals/{record['seal']:06d}.json", b"{}"))
        times = {"capture": seal["capture"], "captured_at": f"{seal['sealed_at'][:19]}Z"} if seal else {}
        return {"exhibit": record["exhibit"] or "", "versions": str(len(ages)), "version": str(place + 1), **times}

    def _repair_cites(self):
        """The page that a row cites, where its record stands in another exhibit than before, or he wrote the row."""
        ledger = "data/logs/bates.csv"
        if ledger not in self.files:
            return
        heading, rows = self._table(ledger)
        first = {row[heading.index("exhibit")]: row[heading.index("first")] for row in rows}
        now, before = (
            sorted(json.loads(files[MANIFEST])["records"], key=lambda r: (r["seal"], r["index"]), reverse=True)
            for files in (self.files, self.unchanged)
        )
        for name in ("natives", *copied.TABLES, *cited_pages.OF_TICKETS):
            path = f"data/tables/{name}.csv"
            if path not in self.files or path not in self.unchanged:
                continue
            heading, rows = self._table(path)
            held = {
                tuple(row[:-1]) for row in csv.reader(io.StringIO(self.unchanged[path].decode("utf-8-sig"), newline=""))
            }
            key = "native" if name == "natives" else copied.TABLES.get(name, ("", "ticket"))[1]
            kind, at, made = copied.TABLES.get(name, ("ticket", ""))[0], heading.index(key), []
            for row in rows:
                pages = [
                    first.get(next((r["exhibit"] for r in records if (
                        r["native"] if name == "natives" else r["id"] if r["kind"] == kind else None
                    ) == row[at]), None), "") for records in (now, before)
                ]  # fmt: skip
                changed = pages[0] != pages[1] or tuple(row[:-1]) not in held
                made.append([*row[:-1], pages[0]] if changed and heading[-1] == "bates" else row)
            if made != rows:
                self._write(path, [heading, *made])

    def repair_volume(self):
        """Natives of the production volume, and their digests in the load file, as the pack's natives are now."""
        load_file = "data/production/VOL001/DATA/VOL001.dat"
        for record in json.loads(self.files[MANIFEST])["records"]:
            before, now = self.unchanged.get(record["native"]), self.files.get(record["native"])
            if before != now and before is not None and now is not None:
                for path in [p for p, d in self.files.items() if p.startswith("data/production/") and d == before]:
                    self.files[path] = now
                old, new = (sha256(data).encode() for data in (before, now))
                self.files[load_file] = self.files[load_file].replace(old, new)

    def repair_natives(self):
        """The manifest's digests of the records."""
        self._each(MANIFEST, "records", lambda r: r.update(sha256=sha256(self.files[r["native"]])), "native")

    def repair_leaves(self):
        """What the leaves commit to, with the salts that the proofs give away."""
        manifest = json.loads(self.files[MANIFEST])
        native = {(r["seal"], r["index"]): r["native"] for r in manifest["records"]}
        for path in [p for p in self.files if p.startswith("data/proofs/")]:
            document = json.loads(self.files[path])
            for proof in document["proofs"]:
                if proof["salt"] is not None:
                    body = self.files[native[document["seal"], proof["index"]]]
                    leaf = proof["leaf"]
                    leaf["record"], leaf["fields"] = commit(bytes.fromhex(proof["salt"]), body)
            self.files[path] = canonical(document)

    def repair_chain(self):
        """The links between seals."""
        before = None
        for path in sorted(p for p in self.files if p.startswith("seals/") and p.endswith(".json")):
            document = json.loads(self.files[path])
            document["previous"] = before
            self.files[path] = canonical(document)
            before = sha256(self.files[path])

    def repair_seals(self):
        """The manifest's digests of the seals."""
        self._each(MANIFEST, "seals", lambda s: s.update(digest=sha256(self.files[s["path"]])), "path")

    def repair_witness(self):
        """The manifest's digests of the time-stamps."""
        document = json.loads(self.files[MANIFEST])
        renewals = document["witness"]["renewals"]
        for token in [*document["witness"]["tokens"], *renewals, *(t for r in renewals for t in r["tokens"])]:
            if token["path"] in self.files:
                token["sha256"] = sha256(self.files[token["path"]])
        self.files[MANIFEST] = canonical(document)

    def repair_counts(self):
        """The manifest's numbers of records, and of rows of tables and logs."""
        document = json.loads(self.files[MANIFEST])
        counts = document["counts"]
        for name in list(counts):
            kind, _, table = name.partition(":")
            path = f"data/{kind}s/{table}.csv"
            if table and path not in self.files:
                del counts[name]
            elif table:
                counts[name] = len(self._table(path)[1])
        counts["natives"] = len(document["records"])
        if "earlier_versions" in counts:
            counts["earlier_versions"] = counts["natives"] - len({(r["kind"], r["id"]) for r in document["records"]})
        self.files[MANIFEST] = canonical(document)

    def repair_manifest(self):
        """The manifest's list of files."""
        document = json.loads(self.files[MANIFEST])
        types = {f["path"]: f["media_type"] for f in document["files"]}
        listed = [p for p in sorted(self.files) if p.startswith("data/") and p not in {MANIFEST, *document["pdfs"]}]
        document["files"] = [
            {"media_type": types.get(p, "application/octet-stream"), "path": p, "sha256": sha256(self.files[p]),
             "size": len(self.files[p])} for p in listed
        ]  # fmt: skip
        self.files[MANIFEST] = canonical(document)

    def repair_pdf(self):
        """The PDF, laid out anew around the manifest as it is."""
        carried = self.files[MANIFEST] if self.attached is None else self.attached or None
        ranges = [(label[:-6], int(label[-6:]), 1) for label in self.labels]
        self.files[PDF] = self.small_pdf(ranges, carried)

    def repair_bag(self):
        """The payload manifest and Payload-Oxum."""
        payload = {p: d for p, d in sorted(self.files.items()) if p.startswith("data/")}
        lines = [x for x in self.files["bag-info.txt"].splitlines() if not x.startswith(b"Payload-Oxum")]
        lines.append(b"Payload-Oxum: %d.%d" % (sum(map(len, payload.values())), len(payload)))
        self.files["bag-info.txt"] = b"\n".join(lines) + b"\n"
        self.files["manifest-sha256.txt"] = self._listing(payload)

    def repair_tags(self):
        """The tag manifest."""
        tags = {p: d for p, d in sorted(self.files.items()) if not p.startswith(("data/", "tagmanifest-"))}
        self.files["tagmanifest-sha256.txt"] = self._listing(tags)

    @staticmethod
    def _listing(files):
        escaped = {p.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D"): d for p, d in files.items()}
        return "".join(f"{sha256(data)}  {path}\n" for path, data in escaped.items()).encode()

    def _each(self, path, name, change, of):
        document = json.loads(self.files[path])
        for each in document[name]:
            if each[of] in self.files:
                change(each)
        self.files[path] = canonical(document)

    # the pack as it is handed on

    def write(self, folder):
        for path, data in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for path, to in self.links:
            (folder / path).unlink(missing_ok=True)
            (folder / path).symlink_to(to)
        return folder

    def write_zip(self, path):
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")  # a name that stands twice is the attack
            for name, data in self.files.items():
                archive.writestr("pack/" + name, data)
            for name, data, mode, method in self.zip_edits:
                info = zipfile.ZipInfo(name)
                info.external_attr = (stat.S_IFLNK | 0o777 if mode == "link" else mode) << 16
                info.compress_type = {"deflated": zipfile.ZIP_DEFLATED, "lzma": zipfile.ZIP_LZMA}[method]
                archive.writestr(info, data)
        for change in self.zip_changes:
            path.write_bytes(change(path.read_bytes()))
        return path


def written(value):
    """An object of a PDF as it is written."""
    out = io.BytesIO()
    value.write_to_stream(out)
    return out.getvalue()
