// Steps 6.4 and 6.5: each native is what its leaf commits to, by the salts that the proof or the native gives.

const DISCLOSED = ".disclosed.json";
const DISCLOSED_FORMAT = "psa-evidence/disclosed/1";
const MAX_DISCLOSED = 256 * 1048576;
const RECORD_DOMAIN = Uint8Array.of(2);
const COLON = Uint8Array.of(0x3a);

/** How many fields the natives withhold. */
async function checkCommitments(bag, checks, manifest, files, progress) {
  const proofs = new Map();
  for (const [number, file] of files) for (const proof of file.proofs) proofs.set(`${number}/${proof.index}`, proof);
  let [whole, inPart, hidden, done] = [0, 0, 0, 0];
  for (const record of manifest.records) {
    const proof = proofs.get(`${record.seal}/${record.index}`);
    if (!proof || !bag.files.has(record.native)) continue; // 6.2 or 5.1 says so
    const subject = `${record.kind}/${record.id}`;
    if (proof.salt !== null) {
      whole += 1;
      await failing(checks, "6.4", subject, () => checkWhole(bag, record, unhex(proof.salt), proof));
    } else {
      inPart += 1;
      hidden += (await failing(checks, "6.5", subject, () => checkInPart(bag, record, proof))) || 0;
    }
    done += 1;
    if (done % 100 === 0) await progress(done, manifest.records.length);
  }
  checks.settle("6.4", `${counted(whole, "whole native")}: the bytes and the fields their leaves commit to`);
  checks.settle("6.5", inPart
    ? `${counted(inPart, "native")} with withheld fields: the fields their leaves commit to; ${counted(hidden, "field")} withheld`
    : "no native withholds a field");
  return hidden;
}

async function checkWhole(bag, record, salt, proof) {
  const whole = new Sha256().update(RECORD_DOMAIN).update(salt);
  let kept = [];
  let size = 0;
  const hashed = bag.kept.files.get(record.native);
  for await (const block of hashed ? [hashed] : bag.source.blocks(record.native)) {
    whole.update(block);
    size += block.length;
    if (size <= MAX_OBJECT_BYTES) kept.push(block);
    else kept = [];
  }
  if (hex(whole.digest()) !== proof.leaf.record) throw new Unreadable("the native is not the record that its leaf commits to");
  const members = size <= MAX_OBJECT_BYTES ? membersOf(joined(kept)) : null;
  const fields = members && hex(rootOf(members.map(([name, value], number) => fieldHash(fieldSalt(salt, number), name, value))));
  if (fields !== proof.leaf.fields) throw new Unreadable("the fields of the native are not those that its leaf commits to");
  if (isInPart(record)) throw new Unreadable(`the native is whole, and is called a ${DISCLOSED} file`);
}

/** SHA-256(record salt || number as 4 bytes, big-endian). */
function fieldSalt(salt, number) {
  return sha256(salt, Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number));
}

/** Leaf of the field tree: SHA-256(0x00 || field salt || name || 0x3A || value). */
function fieldHash(salt, name, value) {
  return sha256(LEAF_DOMAIN, salt, name, COLON, value);
}

async function checkInPart(bag, record, proof) {
  if (!isInPart(record)) throw new Unreadable(`the proof gives no salt, and the native is not a ${DISCLOSED} file`);
  const disclosed = disclosedOf(await bag.read(record.native, MAX_DISCLOSED));
  if (disclosed.kind !== proof.leaf.kind || disclosed.id !== proof.leaf.id) throw new Unreadable("the native says it is another record");
  const hashes = disclosed.fields.map((field) => ("hash" in field ? unhex(field.hash) : fieldHash(unhex(field.salt), utf8(canonical(field.name)), utf8(field.value))));
  if (hex(rootOf(hashes)) !== proof.leaf.fields) throw new Unreadable("the fields of the native are not those that its leaf commits to");
  const withheld = disclosed.fields.filter((field) => "hash" in field).length;
  if (!withheld) throw new Unreadable("no field is withheld, and the salt of the record is");
  return withheld;
}

/** A record with some fields withheld. Throws Unreadable. */
function disclosedOf(bytes) {
  const json = readJson(bytes);
  const raw = Fields.object(json.value, "disclosed", ["fields", "format", "id", "kind"]);
  Fields.constant(raw.format, "disclosed format", DISCLOSED_FORMAT);
  Fields.text(raw.kind, "disclosed kind");
  Fields.text(raw.id, "disclosed id");
  for (const field of Fields.list(raw.fields, "disclosed fields")) {
    if (field !== null && typeof field === "object" && "hash" in field) {
      Fields.object(field, "withheld field", ["hash", "reason"]);
      Fields.digest(field.hash, "withheld field");
      Fields.text(field.reason, "reason");
    } else {
      Fields.object(field, "shown field", ["name", "salt", "value"]);
      Fields.text(field.name, "field name");
      Fields.digest(field.salt, "field salt");
      checkValue(Fields.text(field.value, "field value"));
    }
  }
  if (!json.canonical) throw new Unreadable("disclosed: not in canonical form");
  return raw;
}

/** One JSON value and nothing beside: `1,"b":2` could pass for two members. Throws Unreadable. */
function checkValue(value) {
  const found = membersOf(utf8(`{"":${value}}`));
  if (!found || found.length !== 1 || found[0][1].length !== utf8(value).length) throw new Unreadable("field value: not one JSON value");
}
