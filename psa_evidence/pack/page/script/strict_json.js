// JSON (RFC 8259) as values, read strictly: for documents of ours that are not in canonical form.

class StrictJson extends JsonScanner {
  /** The value of the whole text; no name twice in an object. Throws Unreadable. */
  whole() {
    textOf(this.bytes);
    this.blank();
    const value = this.read(1);
    this.blank();
    if (this.at !== this.bytes.length) throw new Unreadable("not JSON: something follows the value");
    return value;
  }

  read(depth) {
    if (depth > MAX_JSON_DEPTH) throw new Unreadable(`nested deeper than ${MAX_JSON_DEPTH} levels`);
    const first = this.bytes[this.at];
    if (first === 0x7b) return this.readObject(depth);
    if (first === 0x5b) return this.readArray(depth);
    const from = this.at;
    this.value(depth);
    const text = textOf(this.bytes.subarray(from, this.at));
    const value = JSON.parse(text);
    return typeof value === "number" && /[.eE]/.test(text) ? new Real(value) : value;
  }

  readObject(depth) {
    const result = Object.create(null);
    this.parts(0x7d, () => {
      const name = this.read(depth + 1);
      if (typeof name !== "string") throw new Unreadable("not JSON");
      if (name in result) throw new Unreadable("not JSON of ours: a name stands twice in one object");
      this.blank();
      this.take(0x3a);
      this.blank();
      result[name] = this.read(depth + 1);
    });
    return result;
  }

  readArray(depth) {
    const result = [];
    this.parts(0x5d, () => result.push(this.read(depth + 1)));
    return result;
  }

  /** Reads what stands between an opening sign and `closing`, with commas between. */
  parts(closing, readOne) {
    this.at += 1;
    this.blank();
    if (this.bytes[this.at] !== closing) {
      for (;;) {
        readOne();
        this.blank();
        if (this.bytes[this.at] === closing) break;
        this.take(0x2c);
        this.blank();
      }
    }
    this.at += 1;
  }
}
