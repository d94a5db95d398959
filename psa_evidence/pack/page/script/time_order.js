// Checks 10.4 to 10.6: renewals cover what they say, times follow the chain, and which seals existed when.

const TOLERANCE = 600000; // ms between the clock of whoever sealed and an authority's

/** Check 10.4. */
function checkRenewals(checks, manifest, files, seals, judged) {
  const times = new Map(judged.map((each) => [each.claim.path, each.at]));
  for (const renewal of manifest.witness.renewals) {
    const problem = files.has(renewal.path) ? renewalProblem(renewal, files, seals, times) : "";
    if (problem) checks.fail("10.4", problem, renewal.path);
  }
  const count = manifest.witness.renewals.length;
  checks.settle("10.4", count ? `${counted(count, "renewal")}, each over its seal and the earlier time-stamps` : "no time-stamp was renewed");
}

function renewalProblem(renewal, files, seals, times) {
  let document;
  try {
    document = renewalOf(files.get(renewal.path));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return shown(error.message);
  }
  const seal = seals.get(renewal.seal);
  if (document.seal !== renewal.seal || document.number !== renewal.number) return "belongs to another seal or number";
  if (!seal || document.sha256 !== seal.digest) return "renews another seal";
  if (!renewal.tokens.length) return "no time-stamp is over it";
  const covered = new Map(document.covers.map(({ path, sha256: digest }) => [path, digest]));
  if (renewal.number > 1 && !covered.has(renewalPath(renewal.seal, renewal.number - 1))) return "does not cover the renewal before it";
  if (renewal.number < 1 || ![...covered.keys()].some((path) => times.has(path))) return "covers no time-stamp";
  for (const [path, digest] of covered) {
    if (!files.has(path)) return `covers ${shown(path)}, which is not in the pack`;
    if (hex(sha256(files.get(path))) !== digest) return `covers other bytes than those of ${shown(path)}`;
  }
  const known = (paths) => paths.map((path) => times.get(path)).filter((at) => at !== null && at !== undefined);
  const made = known(renewal.tokens.map((token) => token.path));
  const before = known([...covered.keys()]);
  return made.length && before.length && Math.min(...made) < Math.max(...before) ? "is older than a time-stamp that it covers" : "";
}

/** Check 10.5: no seal is stamped before it says it was made, itself or through a later one. */
function checkOrder(checks, seals, judged) {
  const sealed = new Map();
  for (const number of [...seals.keys()].sort((a, b) => a - b)) {
    const at = instantOf(seals.get(number).sealed_at);
    if (at === null) {
      checks.fail("10.5", "states no instant at which it was made", `seal ${number}`);
      continue;
    }
    if (sealed.has(number - 1) && at < sealed.get(number - 1) - TOLERANCE) checks.fail("10.5", `says it was made before seal ${number - 1}`, `seal ${number}`);
    sealed.set(number, at);
  }
  for (const [number, at] of sealed) {
    const first = existedBefore(number, seals, judged);
    if (first && first.at < at - TOLERANCE) checks.fail("10.5", `says it was made at ${clock(at)}, but was stamped at ${clock(first.at)} already`, `seal ${number}`);
  }
  checks.settle("10.5", `no seal is stamped before it was made (within ${TOLERANCE / 60000} minutes)`);
}

/** The earliest token over this seal or a later one, as far as the pack holds the chain without a gap; null when none. */
function existedBefore(number, seals, judged) {
  let last = number;
  while (seals.has(last + 1)) last += 1;
  const found = judged.filter((each) => each.claim.seal >= number && each.claim.seal <= last && each.at !== null);
  found.sort((a, b) => a.at - b.at || (a.claim.path < b.claim.path ? -1 : 1));
  return found[0] || null;
}

/** Check 10.6. */
function checkCoverage(checks, manifest, seals, judged) {
  const { owed, tokens } = manifest.witness;
  const stamped = new Set(tokens.map((token) => token.seal));
  const listed = new Set(manifest.seals.map((seal) => seal.number));
  if (!rising(owed) || !owed.every((number) => listed.has(number) && !stamped.has(number))) {
    checks.fail("10.6", "a token is said to be owed on a seal that has one, or is not in the pack");
  }
  const good = judged.filter((each) => each.renewal === null && !isRefused(each.verdict));
  const witnessed = new Map();
  const waiting = [];
  for (const { number } of manifest.seals) {
    const first = existedBefore(number, seals, good);
    if (first) witnessed.set(number, first);
    else if (owed.includes(number)) waiting.push(number);
    else checks.fail("10.6", "neither witnessed nor said to wait for a witness", `seal ${number}`);
  }
  const words = witnessSentences(witnessed);
  if (waiting.length) words.push(`time not yet witnessed: ${sealNumbers(waiting)}`);
  const proved = [...witnessed.values()].every((each) => isProved(each.verdict));
  checks.settle("10.6", words.join("; "), !proved ? "inconclusive" : waiting.length ? "not witnessed" : "pass");
}

/** One for each run of seals that the same token covers. */
function witnessSentences(witnessed) {
  const runs = new Map();
  for (const number of [...witnessed.keys()].sort((a, b) => a - b)) {
    const each = witnessed.get(number);
    if (!runs.has(each.claim.path)) runs.set(each.claim.path, { each, numbers: [] });
    runs.get(each.claim.path).numbers.push(number);
  }
  const said = [...runs.values()].slice(0, 5).map(({ each, numbers }) => {
    const { info } = each.verdict.token;
    const within = info.accuracy === null ? "" : ` (to within ${info.accuracy} s)`;
    const verb = isProved(each.verdict) ? "existed" : `${numbers.length === 1 ? "is" : "are"} said, not proved, to have existed`;
    return `${sealNumbers(numbers)} ${verb} before ${clock(each.at)}${within}, says ${authorityName(each.verdict)} (serial ${info.serial}, policy ${info.policy})`;
  });
  if (runs.size > 5) said.push(`and ${counted(runs.size - 5, "further time")} for other seals`);
  return said;
}

function sealNumbers(numbers) {
  if (numbers.length === 1) return `seal ${numbers[0]}`;
  const run = numbers.every((number, at) => number === numbers[0] + at);
  return `seals ${run ? `${numbers[0]} to ${numbers[numbers.length - 1]}` : numbers.join(", ")}`;
}

/** Milliseconds of an ISO 8601 instant with a zone, null when it is none. */
function instantOf(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

function clock(at) {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
