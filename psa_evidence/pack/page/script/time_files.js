// Check 10.1: the time-stamps that the manifest claims are all there, and no others.

const MAX_TOKENS = 10000;

/** The files that are as claimed: path -> bytes. */
async function claimedTimeFiles(bag, checks, manifest) {
  const files = new Map();
  const { tokens, renewals } = manifest.witness;
  const claims = tokens.map((token) => [token, tokenPath(token.seal, token.authority, null)]);
  for (const renewal of renewals) {
    claims.push([renewal, renewalPath(renewal.seal, renewal.number)]);
    for (const token of renewal.tokens) claims.push([token, tokenPath(renewal.seal, token.authority, renewal.number)]);
  }
  if (claims.length > MAX_TOKENS) {
    checks.fail("10.1", `more than ${commas(MAX_TOKENS)} time-stamps`);
    return files;
  }
  const seals = new Set(manifest.seals.map((seal) => seal.number));
  const listed = new Set();
  for (const [claim, wanted] of claims) {
    const { path } = claim;
    if (path !== wanted || ("authority" in claim && !AUTHORITY_NAME.test(claim.authority))) checks.fail("10.1", "a time-stamp is not at the place of its seal and authority", path);
    else if (listed.has(path)) checks.fail("10.1", "claimed twice", path);
    else if (!seals.has(claim.seal)) checks.fail("10.1", `of seal ${claim.seal}, which is not in the pack`, path);
    else if (bag.digest(path) !== claim.sha256) checks.fail("10.1", bag.digest(path) === null ? "claimed, but missing" : "other bytes than claimed", path);
    else {
      const bytes = await failing(checks, "10.1", path, () => bag.read(path, MAX_RESPONSE));
      if (bytes) files.set(path, bytes);
    }
    listed.add(path);
  }
  const chains = new Set(allTokens(manifest).map((token) => chainPath(token.authority)));
  for (const path of [...bag.files.keys()].sort()) {
    if (isTimePath(path) && !listed.has(path) && !chains.has(path)) checks.fail("10.1", "not one of the time-stamps that the manifest lists", path);
  }
  return files;
}

function allTokens({ witness }) {
  return [...witness.tokens, ...witness.renewals.flatMap((renewal) => renewal.tokens)];
}
