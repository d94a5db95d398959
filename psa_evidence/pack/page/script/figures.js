// Step 9, the part that this page makes: the rows that the manifest states, counted again from the files, and the table
// of natives held against manifest and seals.

const TABLES_NOT_HERE = [
  ["9.3", "whether captured is included, withheld and out of scope together"],
  ["9.4", "whether each verdict follows from its row"],
  ["9.5", "whether attainment counts the results"],
  ["9.6", "whether the breaches are the missed results"],
  ["9.7", "whether the tickets of the tables are those of the pack"],
  ["9.8", "whether load files have the numbers of the pages"],
  ["9.9", "whether the clock adds up between instants of the records"],
  ["9.10", "whether plain columns are what the records say"],
  ["9.11", "whether the workbook and the table of the custody log say what tables and log say"],
  ["9.12", "whether the table of changes says how versions of records differ"],
  ["9.13", "whether the logs of what is withheld say what natives and population say"],
];

/** `hidden` are the fields that natives withhold, `seals` those that could be read. */
async function checkCounts(bag, checks, manifest, hidden, seals) {
  const others = [];
  const names = Object.keys(manifest.counts).filter((name) => name !== "layout"); // 4.4
  if (hidden && !names.includes("withheld_fields")) checks.fail("9.1", `natives withhold ${counted(hidden, "field")}, which the manifest does not state`);
  if (!names.includes("natives")) checks.fail("9.1", "the manifest does not state how many natives there are");
  const earlier = manifest.records.length - new Set(manifest.records.map((record) => JSON.stringify([record.kind, record.id]))).size;
  if (earlier && !names.includes("earlier_versions")) checks.fail("9.1", `${counted(earlier, "earlier version")} of records, which the manifest does not state`);
  for (const name of names) {
    const stated = manifest.counts[name];
    const file = /^(table|log):([A-Za-z0-9_. -]{1,100})$/.exec(name);
    if (name === "earlier_versions") compareCount(checks, "9.1", name, stated, earlier);
    else if (name === "natives" || name === "records") compareCount(checks, "9.1", name, stated, manifest.records.length);
    else if (name === "withheld_fields") compareCount(checks, "9.1", name, stated, hidden);
    else if (file) {
      const path = `data/${file[1]}s/${file[2]}.csv`;
      await failing(checks, "9.2", path, async () => compareCount(checks, "9.2", name, stated, Math.max(0, (await rowsOf(bag, path)) - 1)));
    } else others.push(shown(name));
  }
  const beside = earlier ? `, of them ${counted(earlier, "earlier version")}` : "";
  checks.settle("9.1", `${counted(manifest.records.length, "native")}${beside}, ${counted(hidden, "field")} withheld, as stated`);
  await checkNativesTable(bag, checks, manifest, seals);
  const words = `${names.length - others.length} of ${names.length} stated figures were counted again and agree`;
  checks.settle("9.2", words + (others.length ? `; stated only: ${others.slice(0, 10).join(", ")}` : ""));
  for (const [id, what] of TABLES_NOT_HERE) {
    checks.settle(id, `this page does not read what stands in tables: ${what} is not checked here`, NOT_HERE);
  }
}

function compareCount(checks, id, name, stated, found) {
  if (stated !== found) checks.fail(id, `the manifest states ${commas(stated)}; there are ${commas(found)}`, name);
}

/** Rows of a CSV file (RFC 4180), the heading included: a line end within quotes ends no row. Throws Unreadable. */
async function rowsOf(bag, path) {
  if (!bag.files.has(path)) throw new Unreadable("missing");
  let rows = 0;
  let quoted = false;
  let last = -1;
  for await (const block of bag.source.blocks(path)) {
    for (const byte of block) {
      if (byte === 0x22) quoted = !quoted;
      else if (byte === 0x0a && !quoted) rows += 1;
    }
    if (block.length) last = block[block.length - 1];
  }
  if (quoted) throw new Unreadable("not CSV: a quote is not closed");
  return rows + (last === -1 || last === 0x0a ? 0 : 1);
}
