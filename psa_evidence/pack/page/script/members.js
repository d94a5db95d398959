// The members of a JSON object as they stand in its bytes (docs/format/leaf.md): strict JSON in UTF-8 and nothing looser.

const MAX_OBJECT_BYTES = 16 * 1048576;
const MAX_NESTING = 100;
const JSON_NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const JSON_ESCAPES = new Set([...'"\\/bfnrt'].map((c) => c.charCodeAt(0)));

class JsonScanner {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  blank() {
    const b = this.bytes;
    while (b[this.at] === 0x20 || b[this.at] === 0x0a || b[this.at] === 0x0d || b[this.at] === 0x09) this.at += 1;
  }

  take(byte) {
    if (this.bytes[this.at] !== byte) throw new Unreadable("not JSON");
    this.at += 1;
  }

  /** Goes over one value; `depth` are the levels it stands in. */
  value(depth) {
    const first = this.bytes[this.at];
    if (first === 0x22) this.string();
    else if (first === 0x7b) this.object(depth + 1);
    else if (first === 0x5b) this.array(depth + 1);
    else this.word();
  }

  object(depth, seen) {
    if (depth > MAX_NESTING) throw new Unreadable(`nested deeper than ${MAX_NESTING} levels`);
    this.take(0x7b);
    this.blank();
    if (this.bytes[this.at] === 0x7d) {
      this.at += 1;
      return;
    }
    for (;;) {
      const nameAt = this.at;
      this.string();
      const nameEnd = this.at;
      this.blank();
      this.take(0x3a);
      this.blank();
      const valueAt = this.at;
      this.value(depth);
      if (seen) seen(this.bytes.subarray(nameAt, nameEnd), this.bytes.subarray(valueAt, this.at));
      this.blank();
      if (this.bytes[this.at] === 0x7d) break;
      this.take(0x2c);
      this.blank();
    }
    this.at += 1;
  }

  array(depth) {
    if (depth > MAX_NESTING) throw new Unreadable(`nested deeper than ${MAX_NESTING} levels`);
    this.take(0x5b);
    this.blank();
    if (this.bytes[this.at] === 0x5d) {
      this.at += 1;
      return;
    }
    for (;;) {
      this.value(depth);
      this.blank();
      if (this.bytes[this.at] === 0x5d) break;
      this.take(0x2c);
      this.blank();
    }
    this.at += 1;
  }

  string() {
    const b = this.bytes;
    this.take(0x22);
    for (let byte = b[this.at]; byte !== 0x22; byte = b[this.at]) {
      if (!(byte >= 0x20)) throw new Unreadable("not JSON"); // a control character, or the end
      this.at += 1;
      if (byte !== 0x5c) continue;
      const escaped = b[this.at];
      this.at += 1;
      if (escaped === 0x75) {
        for (let i = 0; i < 4; i += 1, this.at += 1) if (!/[0-9A-Fa-f]/.test(String.fromCharCode(b[this.at]))) throw new Unreadable("not JSON");
      } else if (!JSON_ESCAPES.has(escaped)) throw new Unreadable("not JSON");
    }
    this.at += 1;
  }

  word() {
    const from = this.at;
    const b = this.bytes;
    while ((b[this.at] >= 0x30 && b[this.at] <= 0x39) || (b[this.at] >= 0x61 && b[this.at] <= 0x7a) || b[this.at] === 0x2d || b[this.at] === 0x2b || b[this.at] === 0x2e || b[this.at] === 0x45) this.at += 1;
    const text = String.fromCharCode(...b.subarray(from, Math.min(this.at, from + 4096)));
    if (this.at - from > 4096) this.longNumber(from);
    else if (text !== "null" && text !== "true" && text !== "false" && !JSON_NUMBER.test(text)) throw new Unreadable("not JSON");
  }

  longNumber(from) {
    if (!JSON_NUMBER.test(textOf(this.bytes.subarray(from, this.at)))) throw new Unreadable("not JSON");
  }
}

/** [[name as a canonical JSON string in UTF-8, value as received]] in their order, one name as often as it stands there;
    null when the bytes are not one JSON object, or are over a limit. */
function membersOf(bytes) {
  const scanner = new JsonScanner(bytes);
  const found = [];
  scanner.blank();
  if (bytes[scanner.at] !== 0x7b || bytes.length > MAX_OBJECT_BYTES) return null;
  try {
    textOf(bytes);
    scanner.object(1, (name, value) => found.push([canonicalName(name), value]));
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
  scanner.blank();
  return scanner.at === bytes.length ? found : null;
}

function canonicalName(bytes) {
  for (const byte of bytes) if (byte === 0x5c || byte === 0x7f || byte > 0x7f) return utf8(canonical(JSON.parse(textOf(bytes))));
  return bytes;
}
