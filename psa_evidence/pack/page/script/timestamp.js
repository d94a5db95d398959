// Time-stamp tokens (RFC 3161 in CMS, RFC 5652): what was stamped, when, and by whom.

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const ATTRIBUTE = { contentType: "1.2.840.113549.1.9.3", messageDigest: "1.2.840.113549.1.9.4", signer: "1.2.840.113549.1.9.16.2.47", oldSigner: "1.2.840.113549.1.9.16.2.12" };

/** Reads a TimeStampResp, or a bare token: {info, infoBytes, certificates, signer}. Throws Unreadable. */
function timestampOf(bytes) {
  const outer = DerNode.read(bytes).expect(DER.SEQUENCE, "the response").children;
  if (!outer.length) throw new Unreadable("not a time-stamp");
  if (outer[0].is(DER.OID)) return tokenOf(outer);
  const status = outer[0].expect(DER.SEQUENCE, "the status").children[0].number;
  if (status > 1) throw new Unreadable(`the authority refused to stamp (status ${status})`);
  if (outer.length < 2) throw new Unreadable("a response without a time-stamp");
  return tokenOf(outer[1].expect(DER.SEQUENCE, "the token").children);
}

function tokenOf(contentInfo) {
  if (contentInfo[0].oid !== SIGNED_DATA || contentInfo.length !== 2) throw new Unreadable("not a time-stamp: no signed data");
  const parts = contentInfo[1].expect(0xa0, "the token").children[0].expect(DER.SEQUENCE, "the token").children;
  const content = parts[2].expect(DER.SEQUENCE, "the token's content").children;
  if (content[0].oid !== TST_INFO || content.length !== 2) throw new Unreadable("signed, but not a time-stamp");
  const infoBytes = content[1].children[0].expect(DER.OCTETS, "the token's content").body;
  const certificates = parts.filter((part) => part.is(0xa0)).flatMap((set) => set.children.filter((child) => child.is(DER.SEQUENCE)).map((child) => child.whole));
  const signers = parts[parts.length - 1].expect(DER.SET, "the signers").children;
  if (signers.length !== 1) throw new Unreadable(`signed by ${signers.length} signers; a time-stamp has one`);
  return { info: tstInfo(infoBytes), infoBytes, certificates, signer: signerInfo(signers[0]) };
}

/** TSTInfo (RFC 3161, 2.4.2). */
function tstInfo(bytes) {
  const parts = DerNode.read(bytes).expect(DER.SEQUENCE, "the time-stamp").children;
  if (parts.length < 5 || parts[0].number !== 1) throw new Unreadable("a time-stamp of another version");
  const imprint = parts[2].children;
  return {
    policy: parts[1].oid,
    algorithm: imprint[0],
    imprint: imprint[1].expect(DER.OCTETS, "the imprint").body,
    serial: hex(parts[3].expect(DER.INTEGER, "the serial number").body),
    at: parts[4].expect(DER.TIME, "the time").time,
    accuracy: accuracyOf(parts.slice(5).find((part) => part.is(DER.SEQUENCE))),
  };
}

/** Milliseconds, null where the authority states none. */
function accuracyOf(node) {
  if (!node) return null;
  let sum = 0;
  for (const part of node.children) {
    const value = part.body.reduce((total, byte) => total * 256 + byte, 0);
    sum += part.is(DER.INTEGER) ? value * 1000 : part.is(0x80) ? value : value / 1000;
  }
  return sum;
}

function signerInfo(node) {
  const parts = node.children;
  const at = parts.findIndex((part) => part.is(0xa0));
  if (at < 0) throw new Unreadable("signed without signed attributes");
  if (parts.length < at + 3) throw new Unreadable("not a time-stamp: the signer is cut off");
  const attributes = new Map();
  for (const attribute of parts[at].children) {
    const [type, values] = attribute.children;
    if (attributes.has(type.oid)) throw new Unreadable("a signed attribute stands twice");
    attributes.set(type.oid, values.expect(DER.SET, "a signed attribute").children);
  }
  const signed = parts[at].whole.slice();
  signed[0] = DER.SET; // what is signed bears the tag of a SET (RFC 5652, 5.4)
  return { id: parts[1], digest: parts[2], attributes, signed, algorithm: parts[at + 1], signature: parts[at + 2].expect(DER.OCTETS, "the signature").body };
}

/** The certificate that the token names as its signer's: by issuer and serial or key, and by the digest in its signed
    attribute (RFC 5035). Throws Unreadable. */
async function signerOf(token, pool) {
  const id = token.signer.id;
  const byId = pool.filter((each) => {
    if (!id.is(DER.SEQUENCE)) return id.is(0x80);
    const [issuer, serial] = id.children;
    return sameBytes(issuer.whole, each.issuer) && sameBytes(serial.body, each.serial);
  });
  const [algorithm, digest] = namedCertificate(token.signer.attributes);
  for (const each of byId) if (sameBytes(await digestOf(algorithm, each.bytes), digest)) return each;
  throw new Unreadable(byId.length ? "signed with another certificate than its signed attribute names" : "the signer's certificate is neither in it nor in the pack");
}

/** [hash, digest] of the first ESSCertIDv2. */
function namedCertificate(attributes) {
  const value = attributes.get(ATTRIBUTE.signer);
  if (!value || value.length !== 1) {
    if (attributes.has(ATTRIBUTE.oldSigner)) throw new NotPossible("names its certificate by SHA-1 only, which this page does not accept");
    throw new Unreadable("does not name its certificate in its signed attributes");
  }
  const parts = value[0].children[0].children[0].children;
  const [algorithm, digest] = parts[0].is(DER.SEQUENCE) ? [hashName(parts[0]), parts[1]] : ["SHA-256", parts[0]];
  return [algorithm, digest.expect(DER.OCTETS, "a certificate's digest").body];
}

/** Judges a token over `data` by `anchors`: {at, accuracy, signer, anchor}; `anchor` is null when none was named.
    Throws Unreadable when the token does not hold, NotPossible when that could not be found out. */
async function judgeTimestamp(bytes, data, extra, anchors) {
  const token = timestampOf(bytes);
  const imprintHash = hashName(token.info.algorithm);
  if (!sameBytes(await digestOf(imprintHash, data), token.info.imprint)) throw new Unreadable("was made over something else than this seal");
  const { attributes, digest, algorithm, signed, signature } = token.signer;
  const type = attributes.get(ATTRIBUTE.contentType);
  if (!type || type.length !== 1 || type[0].oid !== TST_INFO) throw new Unreadable("its signed attributes are not those of a time-stamp");
  const hash = hashName(digest);
  const stated = attributes.get(ATTRIBUTE.messageDigest);
  if (!stated || stated.length !== 1 || !sameBytes(stated[0].expect(DER.OCTETS, "a digest").body, await digestOf(hash, token.infoBytes))) {
    throw new Unreadable("its content is not what was signed");
  }
  const pool = [...token.certificates, ...extra].map((each) => new Certificate(each));
  const signer = await signerOf(token, pool);
  const unfit = unfitSigner(signer, token.info.at);
  if (unfit) throw new Unreadable(unfit);
  if (!(await signatureHolds(algorithm, hash, signer.spki, signature, signed))) throw new Unreadable("its signature does not hold");
  const judged = { at: token.info.at, accuracy: token.info.accuracy, signer: signer.name, anchor: null };
  if (!anchors.length) return judged;
  const way = await pathToAnchor(signer, pool, anchors, token.info.at);
  if (!way.anchor) return { ...judged, problem: way.problem };
  return { ...judged, anchor: way.anchor.name };
}

/** RFC 3161, 2.3: the certificate is for time-stamping, for nothing else, and says so as a condition. */
function unfitSigner(signer, at) {
  const { purposes, usage } = signer;
  if (!purposes || purposes.oids.length !== 1 || purposes.oids[0] !== TIME_STAMPING) return "signed with a certificate that is not for time-stamping alone";
  if (!purposes.critical) return "signed with a certificate whose purpose is not marked as critical";
  if (usage && !(usage[0] & 0xc0)) return "signed with a certificate that is not for signing";
  return unfitAt(signer, at);
}
