// Steps 6 and 7: each record is proved into the tree of a seal, and the seals hold together.

const PROOFS_FORMAT = "psa-evidence/proofs/2";
const LEAF_FORMAT = "psa-evidence/leaf/2";
const SEAL_FORMAT = "psa-evidence/seal/2";
const PROOFS = "data/proofs/";
const SEALS = "seals/";
const MAX_SEAL = 64 * 1048576;

/** Throws Unreadable. */
function proofFileOf(value) {
  const raw = Fields.object(value, "proofs", ["format", "proofs", "root", "seal", "size"]);
  Fields.constant(raw.format, "proofs format", PROOFS_FORMAT);
  Fields.whole(raw.seal, "proofs seal");
  Fields.whole(raw.size, "proofs size");
  Fields.digest(raw.root, "proofs root");
  for (const proof of Fields.list(raw.proofs, "proofs")) {
    Fields.object(proof, "proof", ["index", "leaf", "path", "salt"]);
    Fields.object(proof.leaf, "leaf", ["connection", "kind", "id", "record", "fields", "capture"]);
    for (const name of ["connection", "kind", "id", "capture"]) Fields.text(proof.leaf[name], `leaf ${name}`);
    Fields.digest(proof.leaf.record, "leaf record");
    Fields.optionalDigest(proof.leaf.fields, "leaf fields");
    Fields.optionalDigest(proof.salt, "proof salt");
    Fields.whole(proof.index, "proof index");
    for (const step of Fields.list(proof.path, "proof path")) Fields.digest(step, "proof path");
  }
  return raw;
}

/** Step 6: the proof files that could be read, by the number of their seal. */
async function checkProofs(bag, checks, manifest, progress) {
  const files = await proofFiles(bag, checks);
  const places = new Map();
  for (const [number, file] of files) places.set(number, new Map(file.proofs.map((proof) => [proof.index, proof])));
  const used = new Set();
  for (const record of manifest.records) {
    const subject = `${record.kind}/${record.id}`;
    const place = `${record.seal}/${record.index}`;
    const proof = places.has(record.seal) ? places.get(record.seal).get(record.index) : undefined;
    if (!proof) checks.fail("6.2", `no proof for leaf ${record.index} of seal ${record.seal}`, subject);
    else if (proof.leaf.kind !== record.kind || proof.leaf.id !== record.id) {
      checks.fail("6.2", `leaf ${record.index} of seal ${record.seal} is another record`, subject);
    }
    if (used.has(place)) checks.fail("6.2", "stands twice in the manifest at the same leaf", subject);
    used.add(place);
  }
  for (const [number, proofs] of places) {
    for (const index of proofs.keys()) {
      if (!used.has(`${number}/${index}`)) checks.fail("6.2", `a proof of leaf ${index} of seal ${number}, which no record of the manifest uses`);
    }
  }
  const connections = new Set([...files.values()].flatMap((file) => file.proofs.map((proof) => proof.leaf.connection)));
  if (connections.size > 1) checks.fail("6.2", `leaves of ${commas(connections.size)} connections: a pack is of the records of one`);
  for (const file of files.values()) {
    for (const [at, proof] of file.proofs.entries()) {
      const problem = unproved(proof, file);
      if (problem) checks.fail("6.3", problem, `${proof.leaf.kind}/${proof.leaf.id}`);
      if (at % 200 === 199) await progress();
    }
  }
  if (!manifest.records.length) checks.settle("6.2", "the manifest lists no record: there is nothing to prove", "inconclusive");
  checks.settle("6.1", `${counted(files.size, "proof file")} read`);
  if (manifest.records.length) checks.settle("6.2", "each record has a proof of its own, of its kind and id");
  checks.settle("6.3", "each proof leads from the record's leaf to the root");
  return files;
}

async function proofFiles(bag, checks) {
  const files = new Map();
  for (const path of [...bag.files.keys()].sort()) {
    if (!path.startsWith(PROOFS)) continue;
    await failing(checks, "6.1", path, async () => {
      const json = readJson(await bag.read(path, MAX_DOCUMENT));
      const file = proofFileOf(json.value);
      const names = [`${PROOFS}${file.seal}.json`, `${PROOFS}${sealNumber(file.seal)}.json`];
      if (!names.includes(path) || files.has(file.seal)) throw new Unreadable(`says it belongs to seal ${file.seal}`);
      if (!json.canonical) checks.fail("6.1", "not in canonical form", path);
      if (file.proofs.some((proof, at) => at > 0 && proof.index <= file.proofs[at - 1].index)) {
        checks.fail("6.1", "its proofs are not in the order of their leaves, each once", path);
      }
      files.set(file.seal, file);
    });
  }
  return files;
}

function unproved(proof, file) {
  try {
    const leaf = leafHash(utf8(canonical({ ...proof.leaf, format: LEAF_FORMAT })));
    const root = rootFromPath(leaf, proof.index, file.size, proof.path.map(unhex));
    return hex(root) === file.root ? "" : `the proof does not lead to the root of seal ${file.seal}`;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return error.message;
  }
}

function sealNumber(number) {
  return String(number).padStart(6, "0");
}
