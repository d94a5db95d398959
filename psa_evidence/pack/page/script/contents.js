// Steps 4 and 5: the pack's own manifest, and the natives it names.

const MANIFEST = "data/manifest.json";
const NATIVES = "data/natives/";
const ATTACHMENTS = "data/attachments/";
const MAX_DOCUMENT = 512 * 1048576;
const NATIVE_ENDING = /^(\.[1-9][0-9]{0,5})?\.([A-Za-z0-9]{1,10}|disclosed\.json)$/;

/** Step 4: the manifest, null when it cannot be read. */
async function checkPackManifest(bag, checks) {
  const manifest = await failing(checks, "4.1", MANIFEST, async () => {
    const json = readJson(await bag.read(MANIFEST, MAX_DOCUMENT));
    const read = manifestOf(json.value);
    if (!json.canonical) checks.fail("4.1", "not in canonical form", MANIFEST);
    return read;
  });
  if (!manifest) return null;
  checks.settle("4.1", `reads as ${MANIFEST_FORMAT}, in canonical form`);
  checkListing(bag, checks, manifest);
  checkListed(bag, checks, manifest);
  return manifest;
}

function checkListing(bag, checks, manifest) {
  const pdfs = new Set(manifest.pdfs);
  const listed = new Set();
  for (const { path } of manifest.files) {
    if (listed.has(path)) checks.fail("4.2", "stands twice in the manifest", path);
    else if (path === MANIFEST || pdfs.has(path)) checks.fail("4.2", "the manifest cannot list itself or what carries it", path);
    else if (!path.startsWith("data/")) checks.fail("4.2", "the manifest lists a file outside data", path);
    listed.add(path);
  }
  for (const path of [...bag.files.keys()].sort()) {
    if (path.startsWith("data/") && path !== MANIFEST && !pdfs.has(path) && !listed.has(path)) checks.fail("4.2", "not listed in the manifest", path);
  }
  for (const path of [...listed].sort()) if (!bag.files.has(path)) checks.fail("4.2", "listed in the manifest but missing", path);
  checks.settle("4.2", `lists every file of the payload but itself and the PDFs: ${commas(listed.size)}`);
}

function checkListed(bag, checks, manifest) {
  for (const file of manifest.files) {
    const found = bag.hashed.get(file.path);
    if (!found) continue; // 4.2 says so
    if (found.problem) checks.fail("4.3", found.problem, file.path);
    else if (found.sha256 !== file.sha256 || found.size !== file.size) {
      checks.fail("4.3", "is not the file that the manifest lists: digest or size differs", file.path);
    }
  }
  checks.settle("4.3", `${counted(manifest.files.length, "digest")} and sizes compared, all as listed`);
}

/** Step 5. */
function checkNatives(bag, checks, manifest) {
  const owners = new Map();
  for (const record of manifest.records) {
    const subject = `${record.kind}/${record.id}`;
    const found = bag.hashed.get(record.native);
    if (!found) checks.fail("5.1", `its native is missing: ${shown(record.native)}`, subject);
    else if (found.sha256 !== record.sha256) checks.fail("5.2", "the native is not the file that the manifest states for its record: its digest differs", subject);
    if (!belongs(record.native, record.kind, record.id)) checks.fail("5.3", `its native lies under another kind or id: ${shown(record.native)}`, subject);
    const owner = JSON.stringify([record.kind, record.id]);
    if (!owners.has(record.native)) owners.set(record.native, owner);
    if (owners.get(record.native) !== owner) checks.fail("5.3", `shares its native with another record: ${shown(record.native)}`, subject);
  }
  checkVersionNames(checks, manifest);
  for (const path of bag.files.keys()) {
    if (path.startsWith(NATIVES) && !owners.has(path)) checks.fail("5.4", "a native that belongs to no record of the manifest", path);
  }
  checkCopies(bag, checks, manifest);
  checks.settle("5.1", `the native of each record is there: ${counted(manifest.records.length, "record")}`);
  checks.settle("5.2", "each native has the digest that the manifest states for its record");
  checks.settle("5.3", "each native lies under the kind and id of its record");
  checks.settle("5.4", "no native but those of the records");
}

/** Of several versions of a record the newest, by seal and place in it, is the one that people open first. */
function checkVersionNames(checks, manifest) {
  for (const each of versionsByAge(manifest).values()) {
    const numbers = each.map((record) => counterOf(record));
    if (numbers.every((number, place) => place === 0 || numbers[place - 1] <= number)) continue;
    checks.fail("5.3", `of its versions a later one has not the lower number: ${shown(each[0].native)}`, `${each[0].kind}/${each[0].id}`);
  }
}

/** The versions of each record, the newest first. */
function versionsByAge(manifest) {
  const versions = new Map();
  for (const record of manifest.records) {
    const key = JSON.stringify([record.kind, record.id]);
    if (!versions.has(key)) versions.set(key, []);
    versions.get(key).push(record);
  }
  for (const each of versions.values()) each.sort((one, other) => other.seal - one.seal || other.index - one.index);
  return versions;
}

function counterOf(record) {
  const found = endingOf(record.native, record.kind, record.id);
  return found ? found[0] : 1;
}

/** Readable copies are what people open: each must be the native of the attachment whose folder it lies in. */
function checkCopies(bag, checks, manifest) {
  const digests = new Set();
  for (const record of manifest.records) {
    if (record.kind === "attachment") digests.add(`${plainId(record.id)}/${record.sha256}`);
  }
  let copies = 0;
  for (const path of bag.files.keys()) {
    if (!path.startsWith(ATTACHMENTS)) continue;
    copies += 1;
    const folder = path.slice(ATTACHMENTS.length).split("/", 1)[0];
    if (!digests.has(`${folder}/${bag.digest(path)}`)) checks.fail("5.5", "is not the native of the attachment whose copy it claims to be", path);
  }
  checks.settle("5.5", `copies under readable names are their natives: ${counted(copies, "file")}`);
}

function plainId(id) {
  return id.replace(/[^A-Za-z0-9._-]/gu, "_");
}

/** Whether `path` is the place of this record (docs/format/manifest.md, "Place of a native"). */
function belongs(path, kind, id) {
  return endingOf(path, kind, id) !== null;
}

/** [counter, ending] behind the id; null when `path` is not the place of this record. */
function endingOf(path, kind, id) {
  const stem = `${NATIVES}${kind}/${plainId(id)}`;
  const match = path.startsWith(stem) && NATIVE_ENDING.exec(path.slice(stem.length));
  return match ? [match[1] ? Number(match[1].slice(1)) : 1, `.${match[2]}`] : null;
}

/** Whether the file's name says that fields are withheld. What belongs to the id is no ending. */
function isInPart(record) {
  if (!record.native.endsWith(DISCLOSED)) return false;
  const found = endingOf(record.native, record.kind, record.id);
  return found === null || found[1] === DISCLOSED;
}
