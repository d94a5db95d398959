// Of step 9.2 the table of natives, where there is one: what people look a record up in says what manifest and seals say.

const NATIVES_TABLE = "data/tables/natives.csv";
const NATIVES_COLUMNS = ["record", "native", "sha256", "bytes"];
const NATIVES_ABOUT = ["capture", "captured_at", "exhibit", "version", "versions"];
const TEN_MINUTES = 600; // seconds: clocks are set

/** The rows are the records of the manifest. `seals` are those that could be read. */
async function checkNativesTable(bag, checks, manifest, seals) {
  if (!bag.files.has(NATIVES_TABLE)) return;
  const places = new Map(); // native -> its record, and which of how many versions it is, from the oldest
  for (const versions of versionsByAge(manifest).values()) {
    versions.forEach((record, at) => places.set(record.native, [record, versions.length - at, versions.length]));
  }
  const told = new Set();
  const others = new Set();
  await failing(checks, "9.2", NATIVES_TABLE, async () => {
    await readTable(bag, NATIVES_TABLE, NATIVES_COLUMNS, (row) => {
      const place = places.get(row[1]);
      if (place && !bag.files.has(row[1])) return; // 5.1 names it
      if (!place || told.has(row[1]) || !saysNative(row, place, bag, seals)) others.add(row[0]);
      told.add(row[1]);
    }, NATIVES_ABOUT);
    for (const [native, [record]] of places) {
      if (!told.has(native) && bag.files.has(native)) others.add(`${record.kind}/${record.id}`);
    }
    if (!others.size) return;
    const words = `it says other than manifest and seals of ${counted(others.size, "record")}, such as `;
    checks.fail("9.2", words + shown([...others].sort()[0]), NATIVES_TABLE);
  });
}

function saysNative(row, [record, version, versions], bag, seals) {
  const [key, , digest, bytes, capture, at, ...about] = row;
  if (key !== `${record.kind}/${record.id}` || digest !== record.sha256 || bytes !== String(bag.files.get(record.native))) return false;
  const meant = [record.exhibit || "", String(version), String(versions)];
  if (about.some((cell, place) => cell !== undefined && cell !== meant[place])) return false;
  const seal = seals && seals.get(record.seal);
  if (!seal) return true;
  return (capture === undefined || capture === seal.capture) && (at === undefined || isWithinCapture(at, seal));
}

/** Whether an instant of a table lies in the capture that the seal closed, as far as its times are known. */
function isWithinCapture(cell, seal) {
  const at = secondOf(cell);
  if (at === null) return false;
  const name = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/.exec(seal.capture);
  const first = name && secondOf(`${name[1]}-${name[2]}-${name[3]}T${name[4]}:${name[5]}:${name[6]}Z`);
  const sealed = instantOf(seal.sealed_at);
  if (sealed === null) return true;
  const ended = Math.floor(sealed / 1000);
  const begun = first === null ? -Infinity : Math.min(first, ended) - TEN_MINUTES;
  return at >= begun && at <= ended + TEN_MINUTES;
}

/** Whole seconds since 1970 of an instant as tables write it, null when it is none. */
function secondOf(text) {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) || new Date(at).toISOString() !== text.replace("Z", ".000Z") ? null : at / 1000;
}
