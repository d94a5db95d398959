// Signatures by WebCrypto: which algorithms are accepted, and how DER becomes what WebCrypto takes.

/** A check that this browser or this page cannot make: never a pass. */
class NotPossible extends Error {}

const HASH_NAMES = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const WEAK = {
  "1.3.14.3.2.26": "SHA-1",
  "1.2.840.113549.2.5": "MD5",
  "1.2.840.113549.1.1.4": "RSA with MD5",
  "1.2.840.113549.1.1.5": "RSA with SHA-1",
  "1.2.840.10045.4.1": "ECDSA with SHA-1",
};
const RSA_HASH = { "1.2.840.113549.1.1.11": "SHA-256", "1.2.840.113549.1.1.12": "SHA-384", "1.2.840.113549.1.1.13": "SHA-512" };
const ECDSA_HASH = { "1.2.840.10045.4.3.2": "SHA-256", "1.2.840.10045.4.3.3": "SHA-384", "1.2.840.10045.4.3.4": "SHA-512" };
const CURVES = { "1.2.840.10045.3.1.7": ["P-256", 32], "1.3.132.0.34": ["P-384", 48], "1.3.132.0.35": ["P-521", 66] };
const RSA = "1.2.840.113549.1.1.1";
const RSA_PSS = "1.2.840.113549.1.1.10";
const MGF1 = "1.2.840.113549.1.1.8";
const EC = "1.2.840.10045.2.1";
const MIN_RSA_BITS = 2048;

/** Name of an accepted hash. Throws Unreadable for a weak one, NotPossible for an unknown one. */
function hashName(algorithm) {
  const oid = algorithm.children[0].oid;
  if (WEAK[oid]) throw new Unreadable(`rests on ${WEAK[oid]}, which is too weak to prove anything`);
  if (!HASH_NAMES[oid]) throw new NotPossible(`uses a digest algorithm that this page does not know (${oid})`);
  return HASH_NAMES[oid];
}

/** Digest by WebCrypto, or by this page where SHA-256 is asked for and WebCrypto withheld. */
async function digestOf(name, bytes) {
  if (name === "SHA-256") return sha256(bytes);
  if (!webCrypto()) throw new NotPossible(`${name} could not be computed here: this browser withholds WebCrypto`);
  return new Uint8Array(await webCrypto().digest(name, bytes));
}

/** Whether `signature` over `data` was made by the key of `spki` (DER). `algorithm` is the AlgorithmIdentifier,
    `fallback` the hash that goes with a bare key algorithm. Throws Unreadable, NotPossible. */
async function signatureHolds(algorithm, fallback, spki, signature, data) {
  const plan = signaturePlan(algorithm, fallback, spki);
  if (!webCrypto()) throw new NotPossible("the signature could not be checked here: this browser withholds WebCrypto");
  const raw = plan.curve ? rawEcdsa(signature, plan.size) : signature;
  if (!raw) return false;
  try {
    const key = await webCrypto().importKey("spki", spki, plan.importAs, false, ["verify"]);
    return await webCrypto().verify(plan.verifyAs, key, raw, data);
  } catch {
    throw new NotPossible("this browser could not use the authority's key");
  }
}

function signaturePlan(algorithm, fallback, spki) {
  const oid = algorithm.children[0].oid;
  if (WEAK[oid]) throw new Unreadable(`rests on ${WEAK[oid]}, which is too weak to prove anything`);
  const keyAlgorithm = DerNode.read(spki).expect(DER.SEQUENCE, "a key").children[0].children;
  const keyOid = keyAlgorithm[0].oid;
  if (oid === RSA || RSA_HASH[oid] || oid === RSA_PSS) {
    if (keyOid !== RSA) throw new NotPossible("signed with a kind of RSA key that this page does not read");
    checkRsaSize(spki);
    if (oid === RSA_PSS) return pssPlan(algorithm.children[1]);
    const how = { name: "RSASSA-PKCS1-v1_5", hash: RSA_HASH[oid] || fallback };
    return { importAs: how, verifyAs: how };
  }
  if (ECDSA_HASH[oid] || oid === EC) {
    if (keyOid !== EC) throw new Unreadable("signed with another kind of key than it says");
    const curve = CURVES[keyAlgorithm[1].oid];
    if (!curve) throw new NotPossible("signed on an elliptic curve that this page does not read");
    const hash = ECDSA_HASH[oid] || fallback;
    return { curve: curve[0], size: curve[1], importAs: { name: "ECDSA", namedCurve: curve[0] }, verifyAs: { name: "ECDSA", hash } };
  }
  throw new NotPossible(`signed with an algorithm that this page does not read (${oid})`);
}

function checkRsaSize(spki) {
  const bits = DerNode.read(spki).children[1].expect(DER.BITS, "a key");
  const modulus = DerNode.read(bits.body.subarray(1)).children[0].expect(DER.INTEGER, "a modulus").body;
  const first = modulus[0] === 0 ? 1 : 0;
  const size = (modulus.length - first) * 8 - Math.clz32(modulus[first]) + 24;
  if (size < MIN_RSA_BITS) throw new Unreadable(`rests on an RSA key of ${size} bits, which is too weak to prove anything`);
}

/** RSASSA-PSS-params (RFC 8017, A.2.3). What is left out means SHA-1. */
function pssPlan(parameters) {
  const parts = new Map((parameters && parameters.is(DER.SEQUENCE) ? parameters.children : []).map((part) => [part.tag, part.children[0]]));
  if (!parts.has(0xa0) || !parts.has(0xa1)) throw new Unreadable("rests on SHA-1, which is too weak to prove anything");
  const hash = hashName(parts.get(0xa0));
  const mask = parts.get(0xa1).children;
  if (mask[0].oid !== MGF1 || hashName(mask[1]) !== hash) throw new NotPossible("signed with a form of RSA-PSS that this page does not read");
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
