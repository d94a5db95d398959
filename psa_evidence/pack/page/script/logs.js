// Step 7.4: the custody log of the pack goes on from where each seal says it stood.

const CUSTODY = "data/logs/custody.jsonl";
const MAX_LOG = 256 * 1048576;

/** The log holds together and has the entries that the seals state; seals and time-stamps of which it tells are the manifest's. */
async function checkLogs(bag, checks, manifest, seals) {
  const stated = [...seals.values()].filter((seal) => seal.logs.custody.entries > 0).sort((a, b) => a.number - b.number);
  if (!bag.files.has(CUSTODY)) {
    if (stated.length) checks.fail("7.4", `missing; ${counted(stated.length, "seal")} of this pack state a digest of it`, CUSTODY);
    checks.settle("7.4", "no seal states an entry of the custody log, and the pack does not hold it");
    return;
  }
  const chain = await failing(checks, "7.4", CUSTODY, async () => logChain(await bag.read(CUSTODY, MAX_LOG)));
  if (!chain) return;
  const { digests, withheld, sealed, stamped } = chain;
  let before = 0;
  for (const seal of stated) {
    const head = seal.logs.custody;
    const subject = `seal ${seal.number}`;
    if (head.entries > digests.length) checks.fail("7.4", `it had ${commas(head.entries)} entries when the seal was made; ${commas(digests.length)} are there`, subject);
    else if (digests[head.entries - 1] !== head.sha256) checks.fail("7.4", `entry ${commas(head.entries)} is not the one that the seal states`, subject);
    if (head.entries < before) checks.fail("7.4", "states fewer entries than a seal before it", subject);
    before = Math.max(before, head.entries);
  }
  const held = new Map(manifest.seals.map((seal) => [seal.number, seal.digest]));
  for (const [number, digest] of sealed) {
    if (!held.has(number)) checks.fail("7.4", "the custody log tells of a seal that the pack does not hold", `seal ${number}`);
    else if (held.get(number) !== digest) checks.fail("7.4", "the custody log tells of another seal of this number", `seal ${number}`);
  }
  const tokens = new Map(allTokens(manifest).map((token) => [token.sha256, token.seal]));
  for (const [digest, number] of stamped) {
    if (tokens.get(digest) !== number) checks.fail("7.4", `the custody log tells of a time-stamp that the pack does not hold, SHA-256 ${shown(digest)}`, `seal ${number}`);
  }
  const about = withheld ? `, ${commas(withheld)} of them about others and withheld` : "";
  const words = `custody log with ${commas(digests.length)} entries${about}; it stood as ${counted(stated.length, "seal")} of this pack say`;
  const told = `${counted(sealed.size, "seal")} and ${counted(stamped.size, "time-stamp")} of which it tells are there`;
  checks.settle("7.4", sealed.size || stamped.size ? `${words}; ${told}` : words);
}

/** Logs of older programs may say less: what they do not say is not asked for. */
function tell({ sealed, stamped }, { action, detail }) {
  if (detail === null || typeof detail !== "object" || !Number.isSafeInteger(detail.seal)) return;
  if (action === "sealed" && typeof detail.digest === "string") sealed.set(detail.seal, detail.digest);
  if ((action === "stamped" || action === "renewed") && typeof detail.sha256 === "string") stamped.set(detail.sha256, detail.seal);
}

/** Digest of each entry, how many are withheld, and of which seals and time-stamps the others tell. Throws Unreadable at the line that does not follow the one before. */
function logChain(bytes) {
  const digests = [];
  const told = { sealed: new Map(), stamped: new Map() };
  let withheld = 0;
  for (let at = 0, end = bytes.indexOf(0x0a); at < bytes.length; at = end + 1, end = bytes.indexOf(0x0a, at)) {
    if (end < 0) throw new Unreadable("the last line has no end");
    const line = bytes.subarray(at, end);
    const { value: entry, canonical } = readJson(line);
    const previous = digests.length ? digests[digests.length - 1] : null;
    if (entry === null || typeof entry !== "object" || entry.number !== digests.length + 1 || entry.previous !== previous) {
      throw new Unreadable(`does not hold together at line ${digests.length + 1}`);
    }
    const link = isLink(entry);
    if (link && !canonical) throw new Unreadable("a withheld entry is not in canonical form");
    withheld += link ? 1 : 0;
    if (!link) tell(told, entry);
    digests.push(hex(sha256(link || !("salt" in entry) ? line : linkOf(line, entry))));
  }
  return { digests, withheld, ...told };
}

/** What stands for an entry in the chain: canonical, as the digests and the number need no escape. */
function linkOf(line, entry) {
  const previous = entry.previous === null ? "null" : `"${entry.previous}"`;
  return new TextEncoder().encode(`{"entry":"${hex(sha256(line))}","number":${entry.number},"previous":${previous}}`);
}

/** Whether an entry is about others: only its link is given. Throws Unreadable when it holds nothing. */
function isLink(entry) {
  const names = Object.keys(entry).sort().join();
  if (names === "number,previous,withheld") throw new Unreadable("an entry is withheld in a form that does not hold those before it");
  if (names !== "entry,number,previous") return false;
  if (typeof entry.entry !== "string" || !/^[0-9a-f]{64}$/.test(entry.entry)) throw new Unreadable("a withheld entry gives no digest");
  return true;
}
