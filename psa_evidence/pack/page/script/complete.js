// Check 4.4: what every pack of its layout has is there.

const LAYOUT = 5;
const LAYOUT_FILES = [
  "data/HOW TO VERIFY.txt", "data/VERIFY.html", "data/logs/bates.csv", "data/logs/custody.csv", "data/logs/custody.jsonl",
  "data/logs/population.csv", "data/terms.json",
];
const TABLES_FOLDER = "data/tables/";
const COPIED_TABLES = ["tickets", "messages", "time_entries", "history", "agreements", "opportunities", "invoices"];
const LAYOUT_TABLES = [
  ...COPIED_TABLES, "attainment", "breaches", "calendar_differences", "columns", "differences", "findings", "lacking",
  "natives", "population", "record_changes", "sla_intervals", "sla_results", "sources", "unread",
];
const LAYOUT_COLUMNS = [ // that older layouts may lack
  ...[...COPIED_TABLES, "sla_results", "sla_intervals", "breaches", "differences"].map((name) => [name, ["bates"]]),
  ["natives", ["exhibit", "versions", "version", "capture", "captured_at", "bates"]],
  ["attainment", ["judged", "paused"]],
  ["record_changes", ["captured_before", "captured_after"]],
];

async function checkComplete(bag, checks, manifest) {
  const layout = Object.hasOwn(manifest.counts, "layout") ? manifest.counts.layout : null;
  if (layout !== null && layout !== LAYOUT) {
    checks.fail("4.4", `the pack states layout ${commas(layout)}, which this procedure does not know`);
    return;
  }
  const hasTables = [...bag.files.keys()].some((path) => path.startsWith(TABLES_FOLDER));
  const missing = await missingOfLayout(bag, manifest, hasTables);
  if (layout === null) {
    const words = "the pack states no layout, as packs before layout 5, and has ";
    const named = [...(hasTables ? [] : [TABLES_FOLDER]), ...missing.map(([path]) => path)];
    if (named.length) checks.settle("4.4", `${words}not all that later ones have: ${named.slice(0, 5).join(", ")}`, "inconclusive");
    else checks.settle("4.4", `${words}what later ones have`);
    return;
  }
  for (const [path, words] of missing) checks.fail("4.4", words, path);
  if (!hasTables) checks.settle("4.4", "the pack has no tables: none of its figures can be computed again", "inconclusive");
  else {
    const number = counted(LAYOUT_FILES.length + LAYOUT_TABLES.length + 1, "file");
    checks.settle("4.4", `all of the ${number} and the seals that every pack of layout ${LAYOUT} has are there`);
  }
}

/** Path, and what is wrong with it. */
async function missingOfLayout(bag, manifest, hasTables) {
  const missing = [];
  const tables = hasTables ? [...LAYOUT_TABLES.map((name) => `${TABLES_FOLDER}${name}.csv`), `${TABLES_FOLDER}Evidence tables.xlsx`] : [];
  for (const path of [...LAYOUT_FILES, ...tables]) if (!bag.files.has(path)) missing.push([path, "missing: every pack of this layout has it"]);
  for (const [name, columns] of LAYOUT_COLUMNS) {
    const path = `${TABLES_FOLDER}${name}.csv`;
    const heading = bag.files.has(path) ? await headingOf(bag, path) : columns;
    for (const column of columns) {
      if (!heading.includes(column)) missing.push([path, `its column ${column} is missing: every pack of this layout has it`]);
    }
  }
  const numbers = new Set(manifest.seals.map((seal) => seal.number));
  let first = 1;
  while (numbers.has(first)) first += 1;
  if ([...numbers].some((number) => number > first)) {
    missing.push([`seals/${String(first).padStart(6, "0")}.json`, "missing: a pack of this layout has all seals up to its newest"]);
  }
  return missing;
}

/** The columns of a table; none where they cannot be read. */
async function headingOf(bag, path) {
  let heading = null;
  const reader = new CsvReader((cells) => {
    heading ??= cells;
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const block of bag.source.blocks(path)) {
      reader.push(decoded(decoder, block, { stream: true }));
      if (heading) return heading;
    }
    reader.push(decoded(decoder));
    reader.end();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return heading ?? [];
}
