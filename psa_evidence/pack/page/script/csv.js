// Tables (RFC 4180, UTF-8), read row by row and as strictly as the program reads them.

const MAX_TABLE = 2 ** 31;
const MAX_ROW = 64 * 1048576;
const MAX_COLUMNS = 1000;

/** Makes rows of text that comes in pieces; gives each to `onRow` as a list of cells. Throws Unreadable. */
class CsvReader {
  constructor(onRow) {
    this.onRow = onRow;
    this.cells = [];
    this.cell = "";
    this.length = 0;
    this.state = "begin"; // of a row; then cell, plain (within one), quoted, quote (after one within quotes), end (after CR)
  }

  push(text) {
    for (const character of text) {
      this.length += 1;
      if (this.length > MAX_ROW) throw new Unreadable(`a row over the limit of ${commas(MAX_ROW)} characters`);
      if (this.state === "quoted") {
        if (character === '"') this.state = "quote";
        else this.cell += character;
      } else if (character === "\n") this.row();
      else if (character === "\r") this.state = this.ended();
      else if (this.state === "end") throw new Unreadable("not CSV");
      else if (character === ",") this.save("cell");
      else if (character === '"' && this.state !== "plain") {
        if (this.state === "quote") this.cell += character;
        this.state = "quoted";
      } else if (this.state === "quote") throw new Unreadable("not CSV");
      else {
        this.cell += character;
        this.state = "plain";
      }
    }
  }

  end() {
    if (this.state === "quoted") throw new Unreadable("not CSV: a quote is not closed");
    if (this.state !== "begin") this.row();
  }

  save(state) {
    this.cells.push(this.cell);
    this.cell = "";
    this.state = state;
  }

  ended() {
    if (this.state !== "begin" && this.state !== "end") this.save("end");
    return "end";
  }

  row() {
    this.ended();
    this.onRow(this.cells);
    this.cells = [];
    this.length = 0;
    this.state = "begin";
  }
}

/** Calls `onRow` with the cells of `columns`, and of those of `optional` that are there (else undefined), for each row
    below the heading. Throws Unreadable: missing, too large, not
    UTF-8, not CSV, a column that is not there or stands twice, a row with another number of cells than the heading. */
async function readTable(bag, path, columns, onRow, optional = []) {
  if (!bag.files.has(path)) throw new Unreadable("missing");
  let heading = null;
  let places = [];
  const reader = new CsvReader((cells) => {
    if (heading && cells.length !== heading.length) throw new Unreadable("a row has another number of cells than the heading");
    if (heading) onRow(places.map((place) => cells[place]));
    else [heading, places] = [cells, placesOf(cells, columns, optional)];
  });
  const decoder = new TextDecoder("utf-8", { fatal: true }); // which takes a byte-order mark off
  let size = 0;
  for await (const block of bag.source.blocks(path)) {
    size += block.length;
    if (size > MAX_TABLE) throw new Unreadable(`over the limit of ${commas(MAX_TABLE)} bytes`);
    reader.push(decoded(decoder, block, { stream: true }));
  }
  reader.push(decoded(decoder));
  reader.end();
  if (!heading) throw new Unreadable("has no heading");
}

function placesOf(heading, columns, optional) {
  if (heading.length > MAX_COLUMNS) throw new Unreadable(`more than ${commas(MAX_COLUMNS)} columns`);
  return [...columns, ...optional].map((name) => {
    const place = heading.indexOf(name);
    if (place < 0 && columns.includes(name)) throw new Unreadable(`its column ${name} is missing`);
    if (place >= 0 && heading.indexOf(name, place + 1) >= 0) throw new Unreadable(`its column ${name} stands twice`);
    return place;
  });
}

function decoded(decoder, ...what) {
  try {
    return decoder.decode(...what);
  } catch {
    throw new Unreadable("not UTF-8");
  }
}
