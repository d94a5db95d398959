// Reading a time-stamp response (RFC 3161, 2.4.2) and the token in it (CMS SignedData, RFC 5652). It judges only the shape.

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const MAX_RESPONSE = 262144;
const MAX_TOKEN_CERTIFICATES = 32;

/** {info, infoBytes, certificates (DER), signer}. Throws Unreadable. */
function tokenOf(bytes) {
  if (bytes.length > MAX_RESPONSE) throw new Unreadable(`a time-stamp over the limit of ${commas(MAX_RESPONSE)} bytes`);
  const outer = DerNode.read(bytes).expect(DER.SEQUENCE, "the response").children;
  const status = outer.length ? outer[0].expect(DER.SEQUENCE, "the status").first.number : -1;
  if (status !== 0 && status !== 1) throw new Unreadable(`the authority gave no token: status ${status}`);
  if (outer.length < 2) throw new Unreadable("the authority gave no token: granted, but there is none");
  if (outer.length > 2) throw new Unreadable("not a time-stamp");
  const [kind, content] = outer[1].expect(DER.SEQUENCE, "the token").children;
  if (kind.oid !== SIGNED_DATA || !content) throw new Unreadable("not a time-stamp: no signed data");
  const parts = content.expect(0xa0, "the token").only.expect(DER.SEQUENCE, "the token").children;
  if (![1, 3, 4, 5].includes(parts[0].number)) throw new Unreadable("a time-stamp in signed data of another version");
  if (parts.length < 4) throw new Unreadable("not a time-stamp: it is cut off");
  const [type, held] = parts[2].expect(DER.SEQUENCE, "the token's content").children;
  if (type.oid !== TST_INFO || !held) throw new Unreadable("signed, but not a time-stamp");
  const infoBytes = held.expect(0xa0, "the token's content").only.octets;
  const certificates = parts.slice(3).filter((part) => part.is(0xa0)).flatMap((set) => set.children.filter((child) => child.is(DER.SEQUENCE)).map((child) => child.whole));
  if (certificates.length > MAX_TOKEN_CERTIFICATES) throw new Unreadable(`a time-stamp with more than ${MAX_TOKEN_CERTIFICATES} certificates`);
  const signers = parts[parts.length - 1].expect(DER.SET, "the signers").children;
  if (signers.length !== 1) throw new Unreadable(`signed by ${signers.length} signers; a time-stamp has one`);
  return { info: tstInfo(infoBytes), infoBytes, certificates, signer: signerInfo(signers[0]) };
}

/** TSTInfo (RFC 3161, 2.4.2). `at` has {at: milliseconds, text: ISO 8601}. */
function tstInfo(bytes) {
  const parts = DerNode.read(bytes).expect(DER.SEQUENCE, "the time-stamp").children;
  if (parts.length < 5 || parts[0].number !== 1) throw new Unreadable("a time-stamp of another version");
  const [algorithm, imprint] = parts[2].expect(DER.SEQUENCE, "the imprint").children;
  if (!imprint) throw new Unreadable("a time-stamp without an imprint");
  const rest = parts.slice(5);
  const name = rest.find((part) => part.is(0xa0));
  const extensions = rest.find((part) => part.is(0xa1));
  return {
    policy: parts[1].oid,
    algorithm,
    imprint: imprint.expect(DER.OCTETS, "the imprint").body,
    serial: signedNumber(parts[3].expect(DER.INTEGER, "the serial number").body),
    at: parts[4].expect(DER.TIME, "the time").time,
    accuracy: accuracyOf(rest.find((part) => part.is(DER.SEQUENCE))),
    name: name && name.only.is(0xa4) ? name.only.only.whole : null,
    critical: Boolean(extensions && extensions.children.some((each) => each.children.length === 3 && each.children[1].body[0])),
  };
}

/** A whole number of any size and either sign, as decimal digits. */
function signedNumber(body) {
  return BigInt.asIntN(body.length * 8, BigInt(`0x${hex(body) || "0"}`)).toString();
}

/** Seconds, null where the authority states none. */
function accuracyOf(node) {
  if (!node) return null;
  const value = (part) => part.body.reduce((total, byte) => total * 256 + byte, 0);
  return node.children.reduce((sum, part) => sum + value(part) / (part.is(DER.INTEGER) ? 1 : part.is(0x80) ? 1e3 : 1e6), 0);
}

function signerInfo(node) {
  const parts = node.expect(DER.SEQUENCE, "the signer").children;
  const at = parts.findIndex((part) => part.is(0xa0));
  if (![1, 3].includes(parts[0].number)) throw new Unreadable("signed in another version than this page knows");
  if (at < 3 || parts.length < at + 3) throw new Unreadable("signed without signed attributes");
  const attributes = new Map();
  for (const attribute of parts[at].children) {
    const [type, values] = attribute.expect(DER.SEQUENCE, "a signed attribute").children;
    if (!values) throw new Unreadable("a signed attribute without a value");
    if (attributes.has(type.oid)) throw new Unreadable("a signed attribute stands twice");
    attributes.set(type.oid, values.expect(DER.SET, "a signed attribute").children);
  }
  const one = (oid, what) => {
    const values = attributes.get(oid);
    if (!values || values.length !== 1) throw new Unreadable(`not one signed attribute ${what}`);
    return values[0];
  };
  const signed = parts[at].whole.slice();
  signed[0] = DER.SET; // what is signed bears the tag of a SET (RFC 5652, 5.4)
  return {
    id: parts[1],
    digest: parts[2],
    signed,
    algorithm: parts[at + 1],
    signature: parts[at + 2].expect(DER.OCTETS, "the signature").body,
    contentType: one(CONTENT_TYPE, "content type").oid,
    messageDigest: one(MESSAGE_DIGEST, "message digest").expect(DER.OCTETS, "a digest").body,
    named: namedCertificates(attributes),
  };
}

/** [{algorithm, digest, serial or null}]: the first ESSCertID of each attribute is the signer's (RFC 2634, 5.4; RFC 5816). */
function namedCertificates(attributes) {
  const found = [];
  for (const oid of [SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2]) {
    const values = attributes.get(oid);
    if (!values) continue;
    if (values.length !== 1 || !values[0].first.children.length) throw new Unreadable("the signing-certificate attribute names no certificate");
    const parts = values[0].first.first.children;
    let algorithm = oid === SIGNING_CERTIFICATE ? "SHA-1" : "SHA-256";
    if (parts[0].is(DER.SEQUENCE)) algorithm = hashName(parts.shift());
    const serial = parts[1] ? parts[1].children[1].expect(DER.INTEGER, "a serial number").body : null;
    found.push({ algorithm, digest: parts[0].expect(DER.OCTETS, "a certificate's digest").body, serial });
  }
  return found;
}
