// Steps 1 to 3: the container, the tag manifest and the payload manifest (RFC 8493).

const MAX_TAG_FILE = 512 * 1048576;
const PACK_FILES = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"];
const PACK_FOLDERS = ["data", "seals"];

/** An opened pack: its source and the digests of all of it. */
class Bag {
  constructor(source) {
    this.source = source;
    this.files = source.files;
    this.hashed = new Map();
    this.kept = new Kept();
  }

  /** The bytes of a file, the same that were hashed. Throws Unreadable. */
  async read(path, limit) {
    const bytes = await readBounded(this.source, path, limit);
    if (hex(sha256(bytes)) !== this.digest(path)) throw new Unreadable("changed while it was checked");
    return bytes;
  }

  digest(path) {
    const found = this.hashed.get(path);
    return found ? found.sha256 : null;
  }
}

async function readBounded(source, path, limit) {
  if (!source.files.has(path)) throw new Unreadable("missing");
  const parts = [];
  let size = 0;
  for await (const block of source.blocks(path)) {
    size += block.length;
    if (size > limit) throw new Unreadable(`over the limit of ${commas(limit)} bytes`);
    parts.push(block);
  }
  return joined(parts);
}

/** Calls `work`; an Unreadable becomes a failure of the check, anything else is a fault of this page. */
async function failing(checks, id, subject, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    checks.fail(id, shown(error.message), subject);
    return null;
  }
}

function checkOpened(source, checks) {
  for (const [subject, problem] of source.problems) checks.fail("1.1", problem, subject);
  const links = source.kind === "zip" ? "no links, no special files" : "links cannot be seen by a browser";
  checks.settle("1.1", `${counted(source.files.size, "file")}; ${links}, nothing outside the bag`);
}

/** Where the bag is, when somebody gave the folder around it. */
function elsewhere(source) {
  const found = [...source.files.keys()].filter((path) => path.endsWith("/bagit.txt")).sort((a, b) => a.length - b.length)[0];
  return found ? `; there is one in ${shown(found.slice(0, -"/bagit.txt".length))}: is that the pack?` : "";
}

/** Steps 1 (but 1.1) to 3. */
async function checkBag(source, checks, progress) {
  checkNames(source, checks);
  if (!source.files.has("bagit.txt")) checks.fail("1.3", `missing${elsewhere(source)}`, "bagit.txt");
  else await failing(checks, "1.3", "bagit.txt", async () => checkDeclaration(await readBounded(source, "bagit.txt", MAX_TAG_FILE)));
  checks.settle("1.3", "BagIt version 1.0, UTF-8");
  const info = (await failing(checks, "1.4", "bag-info.txt", async () => bagLabels(await readBounded(source, "bag-info.txt", MAX_TAG_FILE)))) || [];
  checks.settle("1.4", `${counted(info.length, "label")} read`);
  checkTopLevel(source, checks);
  const bag = new Bag(source);
  bag.hashed = await hashAll(source, bag.kept, progress);
  await checkManifest(bag, checks, "2", "tagmanifest-sha256.txt");
  await checkManifest(bag, checks, "3", "manifest-sha256.txt");
  checkOxum(bag, checks, info);
  return bag;
}

function checkNames(source, checks) {
  const twins = new Map();
  for (const path of source.files.keys()) {
    const reason = unportable(path);
    if (reason) checks.fail("1.2", reason, path);
    const key = twin(path);
    if (!twins.has(key)) twins.set(key, path);
    const other = twins.get(key);
    if (other !== path) checks.fail("1.2", `differs from ${shown(other)} only in case or in look-alike characters`, path);
  }
  checks.settle("1.2", "every name means one file on every computer");
}

function checkTopLevel(source, checks) {
  const unexpected = new Set();
  for (const path of [...source.files.keys(), ...source.empty.map((folder) => `${folder}/`)]) {
    const slash = path.indexOf("/");
    const top = slash < 0 ? path : path.slice(0, slash);
    if (!(slash < 0 ? PACK_FILES : PACK_FOLDERS).includes(top)) unexpected.add(top);
  }
  for (const top of unexpected) checks.fail("1.5", `not part of a pack${systemWords(top)}`, top);
  for (const name of PACK_FILES) if (!source.files.has(name)) checks.fail("1.5", "missing", name);
  checks.settle("1.5", "the tag files, data and seals, and nothing else");
}

/** Step 2 for the tag manifest, step 3 for the payload manifest. */
async function checkManifest(bag, checks, step, name) {
  const tag = step === "2";
  const [complete, agree] = [`${step}.1`, `${step}.2`];
  const kind = tag ? "tag manifest" : "payload manifest";
  const listed = new Map();
  if (!bag.files.has(name)) checks.fail(complete, `there is no ${kind} with SHA-256`);
  else await failing(checks, complete, name, async () => listEntries(manifestEntries(await bag.read(name, MAX_TAG_FILE)), checks, complete, name, tag, listed));
  let compared = 0;
  for (const [path, digest] of listed) {
    const found = bag.hashed.get(path);
    if (!found) checks.fail(complete, `listed in ${name} but missing`, path);
    else if (found.problem) checks.fail(agree, found.problem, path);
    else if (found.sha256 !== digest) checks.fail(agree, `is not the file that ${name} lists: its sha256 digest differs`, path);
    else compared += 1;
  }
  for (const path of bag.files.keys()) {
    if (listed.has(path)) continue;
    if (tag && !path.startsWith("data/") && !path.startsWith("tagmanifest-")) checks.fail(complete, "not listed in the tag manifest", path);
    if (!tag && bag.files.has(name) && path.startsWith("data/")) checks.fail(complete, `not listed in ${name}${systemWords(path)}`, path);
  }
  checks.settle(complete, `the ${kind} and the files there are the same set of ${commas(listed.size)}`);
  checks.settle(agree, `${counted(compared, "digest")} compared, all as listed${tag ? `; fingerprint of the whole pack (SHA-256 of ${name}): ${bag.digest(name)}` : ""}`);
}

function listEntries(entries, checks, id, name, tag, listed) {
  for (const { digest, path } of entries) {
    let reason = escapes(path);
    if (!reason && tag && path.startsWith("data/")) reason = "a payload file in a tag manifest";
    if (!reason && !tag && !path.startsWith("data/")) reason = "a path outside data";
    if (reason) checks.fail(id, `${name} lists ${reason}`, path);
    else if (listed.has(path)) checks.fail(id, `stands twice in ${name}`, path);
    else listed.set(path, digest);
  }
}

function checkOxum(bag, checks, info) {
  const stated = info.filter(([label]) => label === "payload-oxum").map(([, value]) => value);
  let octets = 0;
  let files = 0;
  for (const [path, found] of bag.hashed) {
    if (path.startsWith("data/")) {
      octets += found.size;
      files += 1;
    }
  }
  if (stated.length !== 1) checks.fail("3.3", `Payload-Oxum stands ${stated.length} times`, "bag-info.txt");
  for (const value of stated) {
    try {
      const [bytes, count] = oxumOf(value);
      if (bytes !== BigInt(octets) || count !== BigInt(files)) {
        checks.fail("3.3", `Payload-Oxum says ${commas(count)} files of ${commas(bytes)} bytes; there are ${commas(files)} of ${commas(octets)}`, "bag-info.txt");
      }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      checks.fail("3.3", error.message, "bag-info.txt");
    }
  }
  checks.settle("3.3", `Payload-Oxum agrees: ${counted(files, "file")} of ${commas(octets)} bytes`);
}
