// Digests of all files of a pack: each is read once, a few at a time, while the page stays alive.

const READERS = 6;
const WHOLE = 16 * 1048576;

/** crypto.subtle, or null where this browser withholds it from a file on disk. */
function webCrypto() {
  return (globalThis.crypto && globalThis.crypto.subtle) || null;
}

/** Map of path -> {sha256, size, problem}. `progress(bytes)` is told how many bytes were read since the last call. */
async function hashAll(source, progress) {
  const result = new Map();
  for (const path of source.files.keys()) result.set(path, null); // in the source's order
  const paths = source.files.keys();
  const worker = async () => {
    for (let next = paths.next(); !next.done; next = paths.next()) {
      result.set(next.value, await hashOne(source, next.value, progress));
    }
  };
  await Promise.all(Array.from({ length: READERS }, worker));
  return result;
}

/** Never throws on what the file holds. What cannot be read counts no bytes. */
async function hashOne(source, path, progress) {
  const whole = webCrypto() && source.files.get(path) <= WHOLE ? [] : null;
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
  const digest = whole ? new Uint8Array(await webCrypto().digest("SHA-256", joined(whole))) : hash.digest();
  return { sha256: hex(digest), size, problem: "" };
}
