// SHA-256 (FIPS 180-4) in plain script, bytes in, digest out, a piece at a time. WebCrypto digests whole buffers only,
// and some browsers withhold it from files on disk: this one serves large files and those browsers.

const SHA256_ROUNDS = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const SHA256_START = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

const SHA256_WORDS = new Int32Array(64); // scratch of one block, used by all

class Sha256 {
  constructor() {
    this.state = Int32Array.from(SHA256_START, (word) => word | 0);
    this.rest = new Uint8Array(64);
    this.used = 0;
    this.size = 0;
  }

  /** Adds bytes (Uint8Array). Returns this. */
  update(bytes) {
    this.size += bytes.length;
    let at = 0;
    if (this.used > 0) {
      at = Math.min(64 - this.used, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.used);
      this.used += at;
      if (this.used < 64) return this;
      this.compress(this.rest, 0, 64);
      this.used = 0;
    }
    const whole = at + ((bytes.length - at) & ~63);
    this.compress(bytes, at, whole);
    this.rest.set(bytes.subarray(whole), 0);
    this.used = bytes.length - whole;
    return this;
  }

  /** The 32 bytes of the digest. Nothing may be added afterwards. */
  digest() {
    const size = this.size;
    const tail = new Uint8Array(this.used < 56 ? 64 : 128);
    tail.set(this.rest.subarray(0, this.used));
    tail[this.used] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(size / 0x20000000));
    view.setUint32(tail.length - 4, (size * 8) % 0x100000000);
    this.compress(tail, 0, tail.length);
    const out = new Uint8Array(32);
    const outView = new DataView(out.buffer);
    for (let i = 0; i < 8; i += 1) outView.setInt32(i * 4, this.state[i]);
    return out;
  }

  compress(bytes, from, to) {
    const w = SHA256_WORDS;
    const k = SHA256_ROUNDS;
    const s = this.state;
    let s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3], s4 = s[4], s5 = s[5], s6 = s[6], s7 = s[7];
    for (let at = from; at < to; at += 64) {
      for (let i = 0, p = at; i < 16; i += 1, p += 4) {
        w[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
      }
      for (let i = 16; i < 64; i += 1) {
        const x = w[i - 15];
        const y = w[i - 2];
        const sx = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        const sy = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = (w[i - 16] + sx + w[i - 7] + sy) | 0;
      }
      let a = s0, b = s1, c = s2, d = s3, e = s4, f = s5, g = s6, h = s7;
      for (let i = 0; i < 64; i += 1) {
        const se = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        const t1 = (h + se + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const sa = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        const t2 = (sa + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e;
        e = (d + t1) | 0;
        d = c; c = b; b = a;
        a = (t1 + t2) | 0;
      }
      s0 = (s0 + a) | 0; s1 = (s1 + b) | 0; s2 = (s2 + c) | 0; s3 = (s3 + d) | 0;
      s4 = (s4 + e) | 0; s5 = (s5 + f) | 0; s6 = (s6 + g) | 0; s7 = (s7 + h) | 0;
    }
    s[0] = s0; s[1] = s1; s[2] = s2; s[3] = s3; s[4] = s4; s[5] = s5; s[6] = s6; s[7] = s7;
  }
}

/** SHA-256 of the parts (Uint8Arrays) one after the other: 32 bytes. */
function sha256(...parts) {
  const hash = new Sha256();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Known answers (FIPS 180-4 examples and RFC 6234): [text, times, digest]. Empty when all agree, else what does not. */
function sha256Problem() {
  const known = [
    ["", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"],
    ["a", 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ];
  for (const [text, times, digest] of known) {
    if (hex(sha256(utf8(text.repeat(times)))) !== digest) return `SHA-256 of a known text of ${text.length * times} bytes is wrong`;
  }
  const pieces = new Sha256();
  const whole = utf8("0123456789abcdef".repeat(40));
  for (let at = 0, step = 1; at < whole.length; at += step, step = (step % 67) + 1) {
    pieces.update(whole.subarray(at, Math.min(at + step, whole.length)));
  }
  return hex(pieces.digest()) === hex(sha256(whole)) ? "" : "SHA-256 in pieces differs from SHA-256 of the whole";
}
