// JSON (RFC 8259) read byte by byte: for documents that are not canonical, and for the members of a record as received.

const JSON_NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

class StrictJson {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** The value of the whole text; no name twice in an object. Throws Unreadable. */
  whole() {
    const value = this.value(1);
    this.blank();
    if (this.at !== this.bytes.length) throw new Unreadable("not JSON: something follows the value");
    return value;
  }

  /** [{name, value}] of a text that is an object: names as text, values as the bytes received, in their order.
      null when the text is no JSON object, or has a name twice. */
  static members(bytes) {
    const reader = new StrictJson(bytes);
    const found = [];
    try {
      textOf(bytes);
      reader.blank();
      if (bytes[reader.at] !== 0x7b) return null;
      reader.object(1, (name, from, to) => found.push({ name, value: bytes.subarray(from, to) }));
      reader.blank();
    } catch (error) {
      if (error instanceof Unreadable) return null;
      throw error;
    }
    return reader.at === bytes.length ? found : null;
  }

  blank() {
    const b = this.bytes;
    while (b[this.at] === 0x20 || b[this.at] === 0x0a || b[this.at] === 0x0d || b[this.at] === 0x09) this.at += 1;
  }

  take(byte) {
    this.blank();
    if (this.bytes[this.at] !== byte) throw new Unreadable("not JSON");
    this.at += 1;
  }

  value(depth) {
    if (depth > MAX_JSON_DEPTH) throw new Unreadable(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    this.blank();
    const first = this.bytes[this.at];
    if (first === 0x7b) return this.object(depth);
    if (first === 0x5b) return this.array(depth);
    if (first === 0x22) return this.string();
    return this.word();
  }

  object(depth, seen) {
    const result = Object.create(null);
    this.take(0x7b);
    this.blank();
    if (this.bytes[this.at] === 0x7d) {
      this.at += 1;
      return result;
    }
    for (;;) {
      this.blank();
      const name = this.string();
      if (name in result) throw new Unreadable("not JSON of ours: a name stands twice in one object");
      this.take(0x3a);
      this.blank();
      const from = this.at;
      result[name] = this.value(depth + 1);
      if (seen) seen(name, from, this.at);
      this.blank();
      if (this.bytes[this.at] === 0x7d) break;
      this.take(0x2c);
    }
    this.at += 1;
    return result;
  }

  array(depth) {
    const result = [];
    this.take(0x5b);
    this.blank();
    if (this.bytes[this.at] === 0x5d) {
      this.at += 1;
      return result;
    }
    for (;;) {
      result.push(this.value(depth + 1));
      this.blank();
      if (this.bytes[this.at] === 0x5d) break;
      this.take(0x2c);
    }
    this.at += 1;
    return result;
  }

  string() {
    const from = this.at;
    if (this.bytes[from] !== 0x22) throw new Unreadable("not JSON");
    let at = from + 1;
    while (this.bytes[at] !== 0x22) {
      if (at >= this.bytes.length) throw new Unreadable("not JSON: a text does not end");
      at += this.bytes[at] === 0x5c ? 2 : 1;
    }
    this.at = at + 1;
    try {
      return JSON.parse(textOf(this.bytes.subarray(from, this.at)));
    } catch {
      throw new Unreadable("not JSON");
    }
  }

  word() {
    const from = this.at;
    while (this.at < this.bytes.length && /[-+.0-9A-Za-z]/.test(String.fromCharCode(this.bytes[this.at]))) this.at += 1;
    const text = textOf(this.bytes.subarray(from, this.at));
    if (text === "null") return null;
    if (text === "true" || text === "false") return text === "true";
    if (!JSON_NUMBER.test(text)) throw new Unreadable("not JSON");
    return /[.eE]/.test(text) ? new Real(Number(text)) : Number(text);
  }
}
