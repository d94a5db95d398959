// Signatures by WebCrypto: RSA (PKCS #1 v1.5) and ECDSA with SHA-256, SHA-384 or SHA-512, as the procedure accepts them;
// in certificates also RSA-PSS. Everything else is refused, weak or new.

const HASH_NAMES = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const RSA_HASH = { "1.2.840.113549.1.1.11": "SHA-256", "1.2.840.113549.1.1.12": "SHA-384", "1.2.840.113549.1.1.13": "SHA-512" };
const ECDSA_HASH = { "1.2.840.10045.4.3.2": "SHA-256", "1.2.840.10045.4.3.3": "SHA-384", "1.2.840.10045.4.3.4": "SHA-512" };
const CURVES = { "1.2.840.10045.3.1.7": ["P-256", 32], "1.3.132.0.34": ["P-384", 48], "1.3.132.0.35": ["P-521", 66] };
const RSA = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const EC = "1.2.840.10045.2.1";
const MIN_RSA_BITS = 2048;

/** Name of an accepted hash. Throws Unreadable. */
function hashName(algorithm) {
  const name = HASH_NAMES[algorithm.expect(DER.SEQUENCE, "an algorithm").first.oid];
  if (!name) throw new Unreadable("a digest algorithm that is weak or not known");
  return name;
}

/** Digest by WebCrypto, or by this page where SHA-256 is asked for. Throws NotPossible. */
async function digestOf(name, bytes) {
  if (name === "SHA-256") return sha256(bytes);
  if (!webCrypto()) throw new NotPossible(`${name} could not be computed here: this browser withholds WebCrypto`);
  return new Uint8Array(await webCrypto().digest(name, bytes));
}

/** Whether `signature` over `data` was made by the key of `spki` (DER). `algorithm` is the AlgorithmIdentifier, `hash`
    what goes with it (any where empty), `inCertificate` allows RSA-PSS. Throws Unreadable, NotPossible. */
async function signatureHolds(algorithm, hash, spki, signature, data, inCertificate = false) {
  const plan = signaturePlan(algorithm, hash, spki, inCertificate);
  if (!webCrypto()) throw new NotPossible("signatures cannot be checked here: this browser withholds WebCrypto");
  const raw = plan.size ? rawEcdsa(signature, plan.size) : signature;
  if (!raw) return false;
  let key;
  try {
    key = await webCrypto().importKey("spki", spki, plan.importAs, false, ["verify"]);
  } catch {
    throw new NotPossible("this browser could not use an authority's key");
  }
  return webCrypto().verify(plan.verifyAs, key, raw, data);
}

function signaturePlan(algorithm, hash, spki, inCertificate) {
  const { oid } = algorithm.expect(DER.SEQUENCE, "an algorithm").first;
  const refused = new Unreadable("the signature algorithm is weak, not known, or not the key's");
  const key = keyOf(spki);
  if (key.rsa) {
    if (oid === RSA_PSS && inCertificate) return pssPlan(algorithm.children[1]);
    const own = RSA_HASH[oid] || (oid === RSA && !inCertificate ? hash : "");
    if (!own || (hash && own !== hash)) throw refused;
    const how = { name: "RSASSA-PKCS1-v1_5", hash: own };
    return { importAs: how, verifyAs: how };
  }
  const own = ECDSA_HASH[oid];
  if (!key.curve || !own || (hash && own !== hash)) throw refused;
  return { size: key.size, importAs: { name: "ECDSA", namedCurve: key.curve }, verifyAs: { name: "ECDSA", hash: own } };
}

/** {rsa: bits} or {curve, size} of a SubjectPublicKeyInfo; neither for other keys. */
function keyOf(spki) {
  const [algorithm, bits] = DerNode.read(spki).children;
  const [kind, parameters] = algorithm.children;
  if (kind.oid === RSA) {
    const modulus = DerNode.read(bitString(bits)).first.expect(DER.INTEGER, "a modulus").body;
    const first = modulus[0] === 0 ? 1 : 0;
    return { rsa: (modulus.length - first) * 8 - Math.clz32(modulus[first]) + 24 };
  }
  const curve = kind.oid === EC && parameters && parameters.is(DER.OID) && CURVES[parameters.oid];
  return curve ? { curve: curve[0], size: curve[1] } : {};
}

/** Why a key is not known to be strong enough; "" when it is. */
function keyProblem(spki) {
  const key = keyOf(spki);
  if (key.rsa && key.rsa < MIN_RSA_BITS) return `a certificate has an RSA key of ${key.rsa} bits; less than ${MIN_RSA_BITS} is weak`;
  return key.rsa || key.curve ? "" : "a certificate has a key of a kind that is weak or not known";
}

/** RSASSA-PSS-params (RFC 8017, A.2.3). What is left out means SHA-1. */
function pssPlan(parameters) {
  const parts = new Map((parameters && parameters.is(DER.SEQUENCE) ? parameters.children : []).map((part) => [part.tag, part.first]));
  if (!parts.has(0xa0) || !parts.has(0xa1)) throw new Unreadable("the signature rests on SHA-1, which is weak");
  const hash = hashName(parts.get(0xa0));
  const [kind, mask] = parts.get(0xa1).children;
  if (kind.oid !== MGF1 || !mask || hashName(mask) !== hash) throw new Unreadable("the signature algorithm is weak or not known");
  const saltLength = parts.has(0xa2) ? parts.get(0xa2).number : 20;
  return { importAs: { name: "RSA-PSS", hash }, verifyAs: { name: "RSA-PSS", saltLength } };
}

/** ECDSA-Sig-Value (r, s) as the two numbers side by side that WebCrypto takes; null when it cannot be one. */
function rawEcdsa(signature, size) {
  try {
    const numbers = DerNode.read(signature).expect(DER.SEQUENCE, "a signature").children;
    const out = new Uint8Array(2 * size);
    if (numbers.length !== 2) return null;
    for (const [i, number] of numbers.entries()) {
      let body = number.expect(DER.INTEGER, "a number").body;
      if (!body.length || body[0] & 0x80) return null;
      if (body[0] === 0) body = body.subarray(1);
      if (body.length > size) return null;
      out.set(body, (i + 1) * size - body.length);
    }
    return out;
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
