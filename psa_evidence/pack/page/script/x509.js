// Certificates (RFC 5280), as far as a time-stamp needs them: who signed whom, until when, and for what.

const EXTENSIONS = { "2.5.29.19": "constraints", "2.5.29.15": "usage", "2.5.29.37": "purposes", "2.5.29.14": "keyId" };
const HARMLESS = ["2.5.29.32", "2.5.29.17", "2.5.29.18", "2.5.29.35", "2.5.29.31", "1.3.6.1.5.5.7.1.1"]; // restrict nothing asked here
const COMMON_NAME = "2.5.4.3";
const MAX_CERTIFICATE = 65536;
const MAX_FILE_CERTIFICATES = 200;

class Certificate {
  /** Throws Unreadable on bytes that are none. */
  constructor(bytes) {
    if (bytes.length > MAX_CERTIFICATE) throw new Unreadable(`a certificate over the limit of ${commas(MAX_CERTIFICATE)} bytes`);
    const parts = DerNode.read(bytes).expect(DER.SEQUENCE, "a certificate").children;
    if (parts.length !== 3) throw new Unreadable("not a certificate");
    const fields = parts[0].expect(DER.SEQUENCE, "a certificate").children;
    const first = fields[0].is(0xa0) ? 1 : 0;
    if (fields.length < first + 6) throw new Unreadable("not a certificate");
    this.bytes = bytes;
    this.signed = parts[0].whole;
    this.algorithm = parts[1].expect(DER.SEQUENCE, "a signature algorithm");
    if (!sameBytes(fields[first + 1].whole, parts[1].whole)) throw new Unreadable("a certificate that names two signature algorithms");
    this.signature = bitString(parts[2]);
    this.serial = fields[first].expect(DER.INTEGER, "a serial number").body;
    this.issuer = fields[first + 2].expect(DER.SEQUENCE, "a name").whole;
    const validity = fields[first + 3].children;
    if (validity.length !== 2) throw new Unreadable("not a certificate");
    [this.from, this.until] = validity.map((node) => node.time.at);
    this.subject = fields[first + 4].expect(DER.SEQUENCE, "a name").whole;
    this.spki = fields[first + 5].expect(DER.SEQUENCE, "a key").whole;
    this.fingerprint = hex(sha256(bytes));
    this.constraints = { authority: false, below: Infinity };
    this.usage = null;
    this.purposes = null;
    this.keyId = null;
    this.unknownCritical = "";
    const extensions = fields.find((field) => field.is(0xa3));
    const seen = new Set();
    for (const extension of extensions ? extensions.only.children : []) this.extension(extension, seen);
  }

  extension(node, seen) {
    const parts = node.children;
    if (parts.length < 2 || parts.length > 3) throw new Unreadable("not a certificate: an extension that is none");
    const oid = parts[0].oid;
    const critical = parts.length === 3 && parts[1].expect(DER.BOOLEAN, "an extension").body[0] !== 0;
    if (seen.has(oid)) throw new Unreadable("a certificate that has an extension twice");
    seen.add(oid);
    const name = EXTENSIONS[oid];
    if (!name) {
      if (critical && !HARMLESS.includes(oid)) this.unknownCritical = oid;
      return;
    }
    const value = DerNode.read(parts[parts.length - 1].expect(DER.OCTETS, "an extension").body);
    if (name === "constraints") {
      const items = value.children;
      this.constraints.authority = Boolean(items[0] && items[0].is(DER.BOOLEAN) && items[0].body[0]);
      const below = items.find((item) => item.is(DER.INTEGER));
      if (below) this.constraints.below = below.number;
    } else if (name === "usage") this.usage = bitString(value, true);
    else if (name === "keyId") this.keyId = value.expect(DER.OCTETS, "a key's name").body;
    else this.purposes = { critical, oids: value.children.map((item) => item.oid) };
  }

  /** The name for people: the common name, else that there is none. */
  get name() {
    const common = nameParts(this.subject).find(([type]) => type === COMMON_NAME);
    return (common && shown(common[1])) || "an authority without a name";
  }
}

function bitString(node, partial = false) {
  const body = node.expect(DER.BITS, "a bit string").body;
  if (!body.length || body[0] > 7 || (body[0] !== 0 && !partial)) throw new Unreadable("not a certificate: a bit string that is none");
  return body.subarray(1);
}

/** [[type, text]] of a name, in its order. */
function nameParts(bytes) {
  return DerNode.read(bytes).expect(DER.SEQUENCE, "a name").children.flatMap((set) => set.expect(DER.SET, "a name").children.map((pair) => {
    const [type, value] = pair.expect(DER.SEQUENCE, "a name").children;
    if (!type || !value) throw new Unreadable("a name that cannot be read");
    return [type.oid, textOfName(value)];
  }));
}

/** UTF8String, BMPString, or one of the kinds with a character a byte (PrintableString, TeletexString, IA5String). */
function textOfName(value) {
  if (value.is(DER.UTF8)) return new TextDecoder().decode(value.body);
  if (value.is(0x1e)) return new TextDecoder("utf-16be").decode(value.body);
  if (![0x13, 0x14, 0x16].includes(value.tag)) throw new Unreadable("a name in a kind of text that is not known");
  return Array.from(value.body, (byte) => String.fromCharCode(byte)).join("");
}

/** Whether two names are the same but for their kinds of text, case and blanks (RFC 5280, 7.1). */
function sameName(a, b) {
  const plain = (bytes) => JSON.stringify(nameParts(bytes).map(([type, text]) => [type, text.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ")]));
  return sameBytes(a, b) || plain(a) === plain(b);
}

/** The certificates of a PEM file, each once, or the one of a DER file. Throws Unreadable when there is none. */
function certificatesOf(bytes) {
  if (bytes[0] === 0x30) return [new Certificate(bytes)];
  const found = new Map();
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  let count = 0;
  for (const match of text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)) {
    count += 1;
    if (count > MAX_FILE_CERTIFICATES) throw new Unreadable(`holds more than ${MAX_FILE_CERTIFICATES} certificates`);
    let der;
    try {
      der = Uint8Array.from(atob(match[1].replace(/\s+/g, "")), (c) => c.charCodeAt(0));
    } catch {
      throw new Unreadable("holds a certificate that is not base64");
    }
    const certificate = new Certificate(der);
    found.set(certificate.fingerprint, certificate);
  }
  if (!found.size) throw new Unreadable("holds no certificate, in PEM or DER");
  return [...found.values()];
}
