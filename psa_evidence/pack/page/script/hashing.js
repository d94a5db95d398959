// Digests of all files of a pack: each is read once, a few at a time, while the page stays alive.

const READERS = 6;
const SMALL_READERS = 24; // of a small file most of the time is the browser's, between its processes
const SMALL = 64 * 1024;
const WHOLE = 16 * 1048576;
const MAX_KEPT = 64 * 1048576;

/** crypto.subtle, or null where this browser withholds it from a file on disk. */
function webCrypto() {
  return (globalThis.crypto && globalThis.crypto.subtle) || null;
}

/** The bytes of small natives as they were hashed, until the bound is reached: they are not read again. */
class Kept {
  constructor() {
    this.left = MAX_KEPT;
    this.files = new Map();
  }

  offer(path, bytes) {
    if (bytes.length > this.left || bytes.length > SMALL || !path.startsWith(NATIVES)) return;
    this.left -= bytes.length;
    this.files.set(path, bytes);
  }
}

/** Map of path -> {sha256, size, problem}. `progress(bytes)` is told how many bytes were read since the last call. */
async function hashAll(source, kept, progress) {
  const result = new Map();
  for (const path of source.files.keys()) result.set(path, null); // in the source's order
  const some = (small) => [...source.files].filter(([, size]) => size <= SMALL === small).values();
  const worker = async (files) => {
    for (const [path] of files) result.set(path, await hashOne(source, path, kept, progress));
  };
  const [large, small] = [some(false), some(true)];
  await Promise.all([
    ...Array.from({ length: READERS }, () => worker(large)), ...Array.from({ length: SMALL_READERS }, () => worker(small)),
  ]);
  return result;
}

/** Never throws on what the file holds. What cannot be read counts no bytes. */
async function hashOne(source, path, kept, progress) {
  const whole = source.files.get(path) <= (webCrypto() ? WHOLE : SMALL) ? [] : null;
  const hash = new Sha256();
  let size = 0;
  try {
    for await (const block of source.blocks(path)) {
      size += block.length;
      progress(block.length);
      if (whole) {
        if (size > WHOLE) throw new Unreadable("grew while it was read");
        whole.push(block);
      } else {
        for (let at = 0; at < block.length; at += 1048576) {
          hash.update(block.subarray(at, at + 1048576));
          if (block.length > 1048576) await pause();
        }
      }
    }
  } catch (error) {
    if (error instanceof Unreadable) return { sha256: null, size: 0, problem: error.message };
    throw error;
  }
  if (whole && size <= SMALL) { // for so little the browser's own takes longer to be asked
    const bytes = joined(whole);
    kept.offer(path, bytes);
    return { sha256: hex(sha256(bytes)), size, problem: "" };
  }
  const digest = whole ? new Uint8Array(await webCrypto().digest("SHA-256", joined(whole))) : hash.digest();
  return { sha256: hex(digest), size, problem: "" };
}
