// Step 7: the seals, their roots, and the chain between them.

/** Throws Unreadable. The bytes must be canonical, so that one seal has one digest. */
function sealOf(bytes) {
  const json = readJson(bytes);
  const raw = Fields.object(json.value, "seal", ["format", "number", "vault", "capture", "state", "sealed_at", "software", "connector", "clock_offset_ms", "leaves", "counts", "root", "files", "logs", "previous"]);
  Fields.constant(raw.format, "seal format", SEAL_FORMAT);
  for (const name of ["number", "leaves"]) Fields.whole(raw[name], `seal ${name}`);
  for (const name of ["vault", "capture", "state", "sealed_at", "software"]) Fields.text(raw[name], `seal ${name}`);
  Fields.digest(raw.root, "seal root");
  Fields.optionalDigest(raw.previous, "seal previous");
  for (const file of Fields.list(raw.files, "seal files")) {
    Fields.object(file, "sealed file", ["path", "sha256", "size"]);
    Fields.text(file.path, "sealed file path");
    Fields.digest(file.sha256, "sealed file digest");
    Fields.whole(file.size, "sealed file size");
  }
  Fields.object(raw.connector, "seal connector", ["name", "version"]);
  for (const name of ["name", "version"]) Fields.text(raw.connector[name], `connector ${name}`);
  Fields.optionalSigned(raw.clock_offset_ms, "seal clock offset");
  const leaves = Fields.counts(raw.counts, "seal counts").reduce((sum, [, number]) => sum + number, 0);
  if (leaves !== raw.leaves) throw new Unreadable("seal: its counts do not add up to its leaves");
  Fields.object(raw.logs, "seal logs", ["custody", "holds"]);
  for (const [name, head] of Object.entries(raw.logs)) {
    Fields.object(head, `head of ${name}`, ["entries", "sha256"]);
    Fields.whole(head.entries, `entries of ${name}`);
    if ((Fields.optionalDigest(head.sha256, `head of ${name}`) === null) !== (head.entries === 0)) {
      throw new Unreadable(`head of ${name}: a log with entries has a digest, and no other has`);
    }
  }
  if (!json.canonical) throw new Unreadable("seal: not in canonical form");
  return { ...raw, digest: hex(sha256(bytes)) };
}

/** Step 7: the seals that could be read, by number. */
async function checkSeals(bag, checks, manifest, proofs) {
  const seals = await readSeals(bag, checks, manifest);
  for (const [number, file] of proofs) {
    const seal = seals.get(number);
    if (!seal) checks.fail("7.2", "proofs for a seal that the pack does not hold", `${PROOFS}${number}`);
    else if (seal.root !== file.root || seal.leaves !== file.size) {
      checks.fail("7.2", "the seal has another root or size than the proofs lead to", `seal ${number}`);
    } else {
      checkLeaves(checks, seal, file);
    }
  }
  checks.settle("7.2", "root, size, capture and kinds of each seal are those of the proofs");
  const missing = new Set(manifest.records.map((record) => record.seal).filter((number) => !seals.has(number)));
  for (const number of [...missing].sort((a, b) => a - b)) {
    checks.fail("7.1", "records stand in a seal that the pack does not hold", `seal ${number}`);
  }
  checks.settle("7.1", describedSeals(seals));
  checkChain(checks, seals);
  await checkLogs(bag, checks, manifest, seals);
  return seals;
}

function checkLeaves(checks, seal, file) {
  const shownKinds = new Map();
  for (const { leaf, index } of file.proofs) {
    if (leaf.capture !== seal.capture) checks.fail("7.2", `a leaf of another capture than seal ${seal.number} closes`, `leaf ${index}`);
    shownKinds.set(leaf.kind, (shownKinds.get(leaf.kind) || 0) + 1);
  }
  for (const [kind, number] of [...shownKinds].sort()) {
    const sealed = Object.hasOwn(seal.counts, kind) ? seal.counts[kind] : 0;
    if (number > sealed) checks.fail("7.2", `${commas(number)} leaves of kind ${shown(kind)} are shown; the seal counts ${commas(sealed)}`, `seal ${seal.number}`);
  }
}

async function readSeals(bag, checks, manifest) {
  const seals = new Map();
  const paths = new Set();
  for (const listed of manifest.seals) {
    paths.add(listed.path);
    const subject = `seal ${listed.number}`;
    if (listed.path !== `${SEALS}${sealNumber(listed.number)}.json`) {
      checks.fail("7.1", `lies at ${shown(listed.path)}`, subject);
      continue;
    }
    await failing(checks, "7.1", subject, async () => {
      const seal = sealOf(await bag.read(listed.path, MAX_SEAL));
      if (seal.number !== listed.number || seals.has(listed.number)) throw new Unreadable(`says it is seal ${seal.number}`);
      if (seal.digest !== listed.digest) throw new Unreadable("is not the seal that the manifest states: its digest differs");
      if (seal.vault !== manifest.vault) throw new Unreadable("belongs to another vault than the manifest states");
      seals.set(seal.number, seal);
    });
  }
  for (const path of bag.files.keys()) {
    if (path.startsWith(SEALS) && !paths.has(path) && !isTimePath(path)) checks.fail("7.1", "not one of the seals that the manifest lists", path);
  }
  if (!manifest.seals.length) checks.fail("7.1", "the pack holds no seal");
  return seals;
}

function checkChain(checks, seals) {
  let links = 0;
  let gaps = 0;
  for (const number of [...seals.keys()].sort((a, b) => a - b)) {
    const seal = seals.get(number);
    const before = seals.get(number - 1);
    if (number === 0 || (seal.previous === null) !== (number === 1)) {
      checks.fail("7.3", "only the first seal, and it always, has no seal before it", `seal ${number}`);
    } else if (before) {
      links += 1;
      if (seal.previous !== before.digest) checks.fail("7.3", `does not follow seal ${number - 1} of this pack`, `seal ${number}`);
    } else if (number > 1) gaps += 1;
  }
  const words = `${counted(links, "link")} between seals of this pack followed`;
  checks.settle("7.3", gaps ? `${words}; ${gaps} to seals that are not in the pack could not be` : words);
}

function describedSeals(seals) {
  const numbers = [...seals.keys()].sort((a, b) => a - b);
  const words = numbers.slice(0, 5).map((number) => {
    const seal = seals.get(number);
    return `seal ${number} of ${shown(seal.sealed_at)}, capture ${shown(seal.state)}, ${counted(seal.leaves, "record version")}`;
  });
  return words.join("; ") + (numbers.length > 5 ? `; and ${numbers.length - 5} more` : "");
}
