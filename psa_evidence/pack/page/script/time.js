// Step 10: who witnessed that the seals existed, and since when at the latest. A token over seal n covers, through the chain,
// every seal before n in the pack. Times are judged as the tokens state them, never by today's clock.

const TIME_CHECKS = ["10.1", "10.2", "10.3", "10.4", "10.5", "10.6"];
const NO_ANCHOR = "no authority was named: nobody you named vouches for the time. Choose the root certificates of authorities that you trust, above";

/** Step 10. `anchors` are the Certificates that the reader named. */
async function checkTime(bag, checks, manifest, anchors) {
  const { witness } = manifest;
  const files = await claimedTimeFiles(bag, checks, manifest);
  if (!witness.tokens.length && !witness.renewals.length) {
    nothingWitnessed(checks, manifest, anchors.length > 0);
    return;
  }
  const seals = await timedSeals(bag, manifest);
  const judged = await judgeAll(bag, checks, manifest, files, seals, anchors);
  checks.settle("10.1", `${counted(allTokens(manifest).length, "time-stamp")}, as the manifest lists them`);
  settleTokens(checks, judged, anchors);
  checkRenewals(checks, manifest, files, seals, judged);
  checkOrder(checks, seals, judged.filter((each) => !isRefused(each.verdict)));
  checkCoverage(checks, manifest, seals, judged);
}

/** No token is claimed: said, and failed or open when the reader named an authority and so expects one. */
function nothingWitnessed(checks, manifest, askedFor) {
  const { owed } = manifest.witness;
  let words = NO_WITNESS;
  if (owed.length) {
    words += ` Time not yet witnessed: ${counted(owed.length, "time-stamp")} asked for and not obtained.`;
    const seals = new Set(manifest.seals.map((seal) => seal.number));
    if (!owed.every((number) => seals.has(number)) || !rising(owed)) checks.fail("10.6", "the manifest says that a token is owed on a seal that is not in the pack");
  }
  if (askedFor && !owed.length) checks.fail("10.1", "you named an authority, but the pack has no time-stamp");
  checks.settle("10.1", words, askedFor ? "inconclusive" : "not witnessed");
  for (const id of TIME_CHECKS.slice(1)) checks.settle(id, "no time-stamp to judge", "not witnessed");
}

function rising(numbers) {
  return numbers.every((number, at) => at === 0 || number > numbers[at - 1]);
}

/** Seals that can be read, by number; what is wrong with others stands under 7.1. */
async function timedSeals(bag, manifest) {
  const found = new Map();
  for (const listed of manifest.seals) {
    try {
      const bytes = await bag.read(listed.path, MAX_SEAL);
      const seal = sealOf(bytes);
      if (seal.number === listed.number) found.set(seal.number, { ...seal, bytes });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return found;
}

/** [{claim, renewal (number or null), verdict}] of the tokens that are there; checks 10.2 and 10.3 but for their settling. */
async function judgeAll(bag, checks, manifest, files, seals, anchors) {
  const judged = [];
  const chains = new Map();
  const told = new Map();
  const pairs = manifest.witness.tokens.map((claim) => ({ claim, renewal: null, data: seals.has(claim.seal) ? seals.get(claim.seal).bytes : null }));
  for (const renewal of manifest.witness.renewals) {
    for (const claim of renewal.tokens) pairs.push({ claim, renewal: renewal.number, data: files.get(renewal.path) || null });
  }
  for (const { claim, renewal, data } of pairs) {
    if (!files.has(claim.path)) continue; // fails under 10.1
    if (!data) {
      checks.fail("10.2", "what it is said to cover is not in the pack or cannot be read", claim.path);
      continue;
    }
    if (!chains.has(claim.authority)) chains.set(claim.authority, await chainOf(bag, checks, claim.authority));
    const verdict = await judgeTimestamp(files.get(claim.path), data, chains.get(claim.authority), anchors);
    for (const { name, state, detail } of verdict.steps) {
      const id = name === "path" ? "10.3" : "10.2";
      if (state === "fails") checks.fail(id, detail, claim.path);
      else if (state === "open" && (name !== "path" || anchors.length)) checks.open(id, detail, claim.path);
    }
    if (verdict.token && claim.stated_time !== verdict.token.info.at.text) checks.fail("10.2", "states another time than the manifest says", claim.path);
    if (verdict.token) {
      const statement = `${hex(verdict.token.infoBytes)} ${verdict.signer ? verdict.signer.fingerprint : ""}`;
      if (!told.has(statement)) told.set(statement, claim.path);
      if (told.get(statement) !== claim.path) checks.fail("10.2", "is the statement of another time-stamp of the pack, under a second name", claim.path);
    }
    judged.push({ claim, renewal, verdict, at: verdict.token ? verdict.token.info.at.at : null });
  }
  return judged;
}

/** The certificates that came with its tokens, where they are in the pack. */
async function chainOf(bag, checks, authority) {
  const path = chainPath(authority);
  if (!bag.files.has(path)) return [];
  return (await failing(checks, "10.1", path, async () => certificatesOf(await bag.read(path, MAX_RESPONSE)))) || [];
}

function settleTokens(checks, judged, anchors) {
  const names = [...new Set(judged.map((each) => authorityName(each.verdict)))].join(", ");
  checks.settle("10.2", `each covers exactly its seal, is signed by ${names}, for time-stamping only`);
  if (!anchors.length) {
    checks.settle("10.3", `signed by ${names}; ${NO_ANCHOR}`, "inconclusive");
    return;
  }
  const used = new Map(judged.filter((each) => each.verdict.path).map(({ verdict: { path } }) => [path[path.length - 1].fingerprint, path[path.length - 1]]));
  const words = [...used].sort().map(([fingerprint, anchor]) => `${anchor.name}, SHA-256 ${fingerprint}`).join("; ");
  checks.settle("10.3", `each leads, at its own time, to an authority that you named: ${words}`);
}

function authorityName(verdict) {
  return verdict.signer ? verdict.signer.name : "an unknown signer";
}
