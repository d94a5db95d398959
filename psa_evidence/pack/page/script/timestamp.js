// Judging a time-stamp by authorities that the reader named: the same steps as `psa_evidence.format.timestamp`, but for the
// agreement of a second program.

/** {steps: [{name, state, detail}], token, signer, path}: each step "holds", "fails" or is "open". Never throws on what the
    bytes hold. `others` are Certificates that help to find the way; `anchors` the ones that the reader named. */
async function judgeTimestamp(bytes, data, others, anchors) {
  const verdict = { steps: [], token: null, signer: null, path: null };
  const step = async (name, work) => {
    try {
      verdict.steps.push({ name, state: "holds", detail: (await work()) || "" });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      verdict.steps.push({ name, state: error instanceof NotPossible ? "open" : "fails", detail: error.message });
    }
  };
  await step("status", () => { verdict.token = tokenOf(bytes); });
  const { token } = verdict;
  if (!token) return verdict;
  const embedded = token.certificates.flatMap(readableCertificate);
  await step("imprint", () => checkImprint(token, data));
  await step("signer", () => {
    verdict.signer = findSigner(token.signer, [...embedded, ...others, ...anchors]);
    return checkBinding(token, verdict.signer);
  });
  if (!verdict.signer) return verdict;
  await step("signature", () => checkTokenSignature(token, verdict.signer));
  await step("purpose", () => holdsUnless(purposeProblem(verdict.signer)));
  if (anchors.length) await step("path", async () => { verdict.path = await pathToAnchor(verdict.signer, [...embedded, ...others], anchors, token.info.at.at); });
  else verdict.steps.push({ name: "path", state: "open", detail: "no authority was named to judge by" });
  return verdict;
}

function isProved(verdict) {
  return verdict.steps.every((each) => each.state === "holds");
}

function isRefused(verdict) {
  return verdict.steps.some((each) => each.state === "fails");
}

function holdsUnless(problem) {
  if (problem) throw new Unreadable(problem);
}

/** A certificate that cannot be read helps nobody to find a way. */
function readableCertificate(bytes) {
  try {
    return [new Certificate(bytes)];
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

async function checkImprint(token, data) {
  const name = hashName(token.info.algorithm);
  if (!sameBytes(await digestOf(name, data), token.info.imprint)) throw new Unreadable("the token covers other bytes");
  if (token.info.critical) throw new Unreadable("the token has a critical extension that this page does not know");
}

/** The certificate that the signer info names, by issuer and serial or by key. */
function findSigner(signer, certificates) {
  const [issuer, serial] = signer.id.is(DER.SEQUENCE) ? signer.id.children : [];
  for (const each of certificates) {
    if (issuer && serial && serial.is(DER.INTEGER) && sameBytes(serial.body, each.serial) && sameName(issuer.whole, each.issuer)) return each;
    if (signer.id.is(0x80) && each.keyId && sameBytes(signer.id.body, each.keyId)) return each;
  }
  throw new Unreadable("the signer's certificate is neither in the token nor given");
}

/** The signed attributes name this certificate (RFC 3161, 2.4.2; RFC 5816). SHA-1 says here only which of the authority's own
    certificates is meant; the path decides on the certificate. */
async function checkBinding(token, certificate) {
  if (!token.signer.named.length) throw new Unreadable("the signature does not name the signer's certificate (ESSCertID)");
  for (const { algorithm, digest, serial } of token.signer.named) {
    if (!sameBytes(await digestOf(algorithm, certificate.bytes), digest)) throw new Unreadable("the signature names another certificate than the one that made it (ESSCertID)");
    if (serial && !sameBytes(serial, certificate.serial)) throw new Unreadable("the signature names a certificate with another serial number (ESSCertID)");
  }
  if (token.info.name && !sameName(token.info.name, certificate.subject)) throw new Unreadable("the authority's name in the token is not that of its certificate");
}

/** Content type, digest of the TSTInfo and signature over the attributes (RFC 5652, 5.4 to 5.6). */
async function checkTokenSignature(token, certificate) {
  const { signer } = token;
  if (signer.contentType !== TST_INFO) throw new Unreadable("the signed content type is not that of a time-stamp");
  const hash = hashName(signer.digest);
  if (!sameBytes(await digestOf(hash, token.infoBytes), signer.messageDigest)) throw new Unreadable("the signed digest is not that of the token's content");
  holdsUnless(keyProblem(certificate.spki));
  if (!(await signatureHolds(signer.algorithm, hash, certificate.spki, signer.signature, signer.signed))) {
    throw new Unreadable("the signature was not made by the signer's key over these bytes");
  }
}
