// Step 7.4: the custody log of the pack goes on from where each seal says it stood.

const CUSTODY = "data/logs/custody.jsonl";
const MAX_LOG = 256 * 1048576;

async function checkLogs(bag, checks, seals) {
  const stated = [...seals.values()].filter((seal) => seal.logs.custody.entries > 0).sort((a, b) => a.number - b.number);
  if (!bag.files.has(CUSTODY)) {
    if (stated.length) checks.fail("7.4", `missing; ${counted(stated.length, "seal")} of this pack state a digest of it`, CUSTODY);
    checks.settle("7.4", "no seal states an entry of the custody log, and the pack does not hold it");
    return;
  }
  const digests = await failing(checks, "7.4", CUSTODY, async () => logDigests(await bag.read(CUSTODY, MAX_LOG)));
  if (!digests) return;
  let before = 0;
  for (const seal of stated) {
    const head = seal.logs.custody;
    const subject = `seal ${seal.number}`;
    if (head.entries > digests.length) checks.fail("7.4", `it had ${commas(head.entries)} entries when the seal was made; ${commas(digests.length)} are there`, subject);
    else if (digests[head.entries - 1] !== head.sha256) checks.fail("7.4", `entry ${commas(head.entries)} is not the one that the seal states`, subject);
    if (head.entries < before) checks.fail("7.4", "states fewer entries than a seal before it", subject);
    before = Math.max(before, head.entries);
  }
  checks.settle("7.4", `custody log with ${commas(digests.length)} entries; it stood as ${counted(stated.length, "seal")} of this pack say`);
}

/** Digest of each line. Throws Unreadable at the line that does not follow the one before. */
function logDigests(bytes) {
  const digests = [];
  for (let at = 0, end = bytes.indexOf(0x0a); at < bytes.length; at = end + 1, end = bytes.indexOf(0x0a, at)) {
    if (end < 0) throw new Unreadable("the last line has no end");
    const line = bytes.subarray(at, end);
    const entry = readJson(line).value;
    const previous = digests.length ? digests[digests.length - 1] : null;
    if (entry === null || typeof entry !== "object" || entry.number !== digests.length + 1 || (entry.previous ?? null) !== previous) {
      throw new Unreadable(`does not hold together at line ${digests.length + 1}`);
    }
    digests.push(isWithheld(entry) ? entry.withheld : hex(sha256(line)));
  }
  return digests;
}

/** Whether an entry is about others: only its digest in the vault is given. Throws Unreadable when it gives none. */
function isWithheld(entry) {
  if (Object.keys(entry).sort().join() !== "number,previous,withheld") return false;
  if (typeof entry.withheld !== "string" || !/^[0-9a-f]{64}$/.test(entry.withheld)) throw new Unreadable("a withheld entry gives no digest");
  return true;
}
