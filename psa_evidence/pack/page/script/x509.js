// Certificates (RFC 5280), as far as a time-stamp needs them: who signed whom, until when, and for what.

const EXTENSIONS = { "2.5.29.19": "constraints", "2.5.29.15": "usage", "2.5.29.37": "purposes" };
const NAMES_OF = { "2.5.4.3": "CN", "2.5.4.10": "O", "2.5.4.6": "C" };
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const MAX_CHAIN = 8;

class Certificate {
  /** Throws Unreadable on bytes that are none. */
  constructor(bytes) {
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
    this.issuer = fields[first + 2].whole;
    const [from, until] = fields[first + 3].children;
    [this.from, this.until] = [from.time, until.time];
    this.subject = fields[first + 4].whole;
    this.spki = fields[first + 5].whole;
    this.constraints = { authority: false, below: Infinity };
    this.usage = null;
    this.purposes = null;
    this.unknownCritical = "";
    const extensions = fields.find((field) => field.is(0xa3));
    if (extensions) for (const extension of extensions.children[0].children) this.extension(extension);
  }

  extension(node) {
    const parts = node.children;
    const oid = parts[0].oid;
    const critical = parts.length === 3 && parts[1].expect(DER.BOOLEAN, "an extension").body[0] !== 0;
    const name = EXTENSIONS[oid];
    if (!name) {
      if (critical) this.unknownCritical = oid;
      return;
    }
    const value = DerNode.read(parts[parts.length - 1].expect(DER.OCTETS, "an extension").body);
    if (name === "constraints") {
      const items = value.children;
      this.constraints.authority = Boolean(items[0] && items[0].is(DER.BOOLEAN) && items[0].body[0]);
      const below = items.find((item) => item.is(DER.INTEGER));
      if (below) this.constraints.below = below.number;
    } else if (name === "usage") {
      this.usage = bitString(value, true);
    } else {
      this.purposes = { critical, oids: value.children.map((item) => item.oid) };
    }
  }

  get selfIssued() {
    return sameBytes(this.issuer, this.subject);
  }

  /** The name for people: the common name, else organisation, else that there is none. */
  get name() {
    return nameOf(this.subject);
  }

  mayIssue() {
    return this.constraints.authority && (this.usage === null || (this.usage[0] & 0x04) !== 0);
  }
}

function bitString(node, partial = false) {
  const body = node.expect(DER.BITS, "a bit string").body;
  if (!body.length || body[0] > 7 || (body[0] !== 0 && !partial)) throw new Unreadable("not a certificate: a bit string that is none");
  return body.subarray(1);
}

function nameOf(bytes) {
  const found = {};
  for (const set of DerNode.read(bytes).children) {
    for (const pair of set.children) {
      const [type, value] = pair.children;
      const name = NAMES_OF[type.oid];
      if (name && value) found[name] = shown(value.is(DER.UTF8) ? new TextDecoder().decode(value.body) : String.fromCharCode(...value.body.subarray(0, 200)));
    }
  }
  const words = [found.CN, found.O].filter(Boolean);
  return words.length ? words.join(", ") : "an authority without a name";
}

/** The way from `signer` to one of `anchors` (Certificates that the reader named), at time `at` (milliseconds):
    {anchor, path}, or {problem}. Certificates on the way come from `others`; none of them is trusted for being there.
    Throws NotPossible when a signature on the way could not be checked. */
async function pathToAnchor(signer, others, anchors, at) {
  let problem = "no chain leads from its certificate to an authority that you named";
  let notPossible = null;
  const grow = async (path) => {
    const last = path[path.length - 1];
    const unfit = unfitAt(last, at);
    if (unfit) {
      problem = unfit;
      return null;
    }
    for (const [isAnchor, candidates] of [[true, anchors], [false, others]]) {
      for (const issuer of candidates) {
        if (!sameBytes(issuer.subject, last.issuer) || path.some((seen) => sameBytes(seen.bytes, issuer.bytes))) continue;
        try {
          const why = (await issued(issuer, last, path)) || (isAnchor && unfitAt(issuer, at));
          if (why) {
            problem = why;
            continue;
          }
        } catch (error) {
          if (error instanceof NotPossible) notPossible = error;
          else if (error instanceof Unreadable) problem = `a certificate on the way ${error.message}`;
          else throw error;
          continue;
        }
        if (isAnchor) return { anchor: issuer, path: [...path, issuer] };
        if (path.length < MAX_CHAIN) {
          const found = await grow([...path, issuer]);
          if (found) return found;
        }
      }
    }
    return null;
  };
  const found = await grow([signer]);
  if (found) return found;
  if (notPossible) throw notPossible;
  return { problem };
}

function unfitAt(certificate, at) {
  if (at < certificate.from || at > certificate.until) return `the certificate of ${certificate.name} was not valid at the time of the time-stamp`;
  if (certificate.unknownCritical) return `the certificate of ${certificate.name} has a condition that this page does not know (${certificate.unknownCritical})`;
  return "";
}

/** Why `issuer` cannot have issued the last certificate of `path`; "" when it did. */
async function issued(issuer, certificate, path) {
  if (!issuer.mayIssue()) return `${issuer.name} may not issue certificates`;
  const between = path.slice(1).filter((each) => !each.selfIssued).length;
  if (between > issuer.constraints.below) return `more certificates stand below ${issuer.name} than it allows`;
  const holds = await signatureHolds(certificate.algorithm, "", issuer.spki, certificate.signature, certificate.signed);
  return holds ? "" : `the certificate of ${certificate.name} was not signed by ${issuer.name}`;
}
