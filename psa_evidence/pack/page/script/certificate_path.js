// The path from a token's signer to an authority that the reader named, at the token's time (RFC 5280, 6).
// Whatever the pack or the token brings along, roots included, only helps to find the way. Revocation is not looked up.

const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const ANY_PURPOSE = "2.5.29.37.0";
const MAX_CHAIN = 8;
const MAX_TRIES = 200;

/** Whether `issuer` signed `certificate`, by name and key. Throws NotPossible. */
async function issuedBy(certificate, issuer) {
  if (!sameBytes(certificate.issuer, issuer.subject)) return false;
  try {
    return await signatureHolds(certificate.algorithm, "", issuer.spki, certificate.signature, certificate.signed, true);
  } catch (error) {
    if (error instanceof NotPossible || !(error instanceof Unreadable)) throw error;
    return false; // too weak to have signed anything
  }
}

/** The first good path: Certificates from the signer to the anchor. Throws Unreadable with the reason when there is none,
    NotPossible when this browser could not find out. Certificates in `anchors` that are no roots only help. */
async function pathToAnchor(signer, others, anchors, at) {
  const roots = new Set();
  for (const each of anchors) if (sameBytes(each.subject, each.issuer) && (await issuedBy(each, each))) roots.add(each.fingerprint);
  if (!roots.size) throw new Unreadable("none of the certificates that you named is a root (self-signed)");
  const helpers = new Map([...anchors, ...others].map((each) => [each.fingerprint, each]));
  const search = { reason: "its certificates do not lead to any of the authorities that you named", tries: 0 };
  const extend = async (path) => {
    const last = path[path.length - 1];
    if (roots.has(last.fingerprint)) {
      const problem = pathProblem(path, at);
      if (!problem) return path;
      search.reason = problem;
      return null;
    }
    if (path.length >= MAX_CHAIN) return null;
    const candidates = [...helpers.values()].filter((each) => sameBytes(each.subject, last.issuer) && !path.some((seen) => seen.fingerprint === each.fingerprint));
    candidates.sort((a, b) => Number(roots.has(b.fingerprint)) - Number(roots.has(a.fingerprint)));
    for (const candidate of candidates) {
      search.tries += 1;
      if (search.tries > MAX_TRIES) return null;
      const found = (await issuedBy(last, candidate)) && (await extend([...path, candidate]));
      if (found) return found;
    }
    return null;
  };
  const found = await extend([signer]);
  if (!found) throw new Unreadable(search.reason);
  return found;
}

/** Why a path whose signatures hold is not good at a time (milliseconds); "" when it is. */
function pathProblem(path, at) {
  for (const [depth, certificate] of path.entries()) {
    const { name, constraints, usage, purposes } = certificate;
    if (at < certificate.from || at >= certificate.until + 1000) return `the certificate of ${name} was not valid at the token's time`;
    const weak = keyProblem(certificate.spki);
    if (weak) return weak;
    if (certificate.unknownCritical) return `the certificate of ${name} has a restriction that this page cannot check (${certificate.unknownCritical})`;
    if (depth === 0) continue;
    if (!constraints.authority) return `${name} is not a certificate authority`;
    if (constraints.below < depth - 1) return `the path is longer than ${name} allows`;
    if (usage && !(usage[0] & 0x04)) return `${name} may not sign certificates`;
    if (purposes && !purposes.oids.includes(TIME_STAMPING) && !purposes.oids.includes(ANY_PURPOSE)) return `${name} may not issue certificates for time-stamping`;
  }
  return "";
}

/** RFC 3161, 2.3: the certificate is for time-stamping, for nothing else, and says so as a condition. "" when it is. */
function purposeProblem({ purposes, usage }) {
  if (!purposes) return "the signer's certificate is not for time-stamping: no extended key usage";
  if (!purposes.critical) return "the extended key usage of the signer's certificate is not critical";
  if (purposes.oids.length !== 1 || purposes.oids[0] !== TIME_STAMPING) return "the extended key usage of the signer's certificate is not time-stamping alone";
  if (usage && !(usage[0] & 0xc0)) return "the signer's key is not for signatures";
  return "";
}
