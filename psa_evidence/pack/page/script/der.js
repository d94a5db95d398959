// DER (ITU-T X.690): tag, length, value. Strict but for one liberty of BER: a value may be ended by a mark.
// Shortest lengths only, nothing beyond the end.

const DER = { BOOLEAN: 0x01, INTEGER: 0x02, BITS: 0x03, OCTETS: 0x04, NULL: 0x05, OID: 0x06, UTF8: 0x0c, SEQUENCE: 0x30, SET: 0x31, UTC_TIME: 0x17, TIME: 0x18 };
const MAX_DER_CHILDREN = 10000;

class DerNode {
  /** One value of `bytes` at `at`, which ends at `limit` or before. `whole` are its bytes, `body` those of the value. */
  constructor(bytes, at = 0, limit = bytes.length) {
    if (at + 2 > limit) throw new Unreadable("not DER: cut off");
    this.tag = bytes[at];
    if ((this.tag & 31) === 31) throw new Unreadable("not DER as used here: a long tag");
    let length = bytes[at + 1];
    if (length === 0x80 && this.tag & 0x20) {
      this.readOpen(bytes, at, limit);
      return;
    }
    let start = at + 2;
    if (length === 0x80) throw new Unreadable("not DER: a length is left open");
    if (length > 0x80) {
      const size = length & 0x7f;
      if (size > 4 || start + size > limit) throw new Unreadable("not DER: a length that leads out of the file");
      length = 0;
      for (let i = 0; i < size; i += 1) length = length * 256 + bytes[start + i];
      if (length < 0x80 || bytes[start] === 0) throw new Unreadable("not DER: a length that is not in its shortest form");
      start += size;
    }
    if (start + length > limit) throw new Unreadable("not DER: a value leads out of the file");
    this.end = start + length;
    this.whole = bytes.subarray(at, this.end);
    this.body = bytes.subarray(start, this.end);
  }

  /** A value whose end is marked by two zeros (BER), as some authorities wrap what they signed. */
  readOpen(bytes, at, limit) {
    let end = at + 2;
    while (!(bytes[end] === 0 && bytes[end + 1] === 0)) {
      if (end + 2 > limit) throw new Unreadable("not DER: a value does not end");
      end = new DerNode(bytes, end, limit).end;
    }
    if (end + 2 > limit) throw new Unreadable("not DER: a value does not end");
    this.end = end + 2;
    this.whole = bytes.subarray(at, this.end);
    this.body = bytes.subarray(at + 2, end);
  }

  /** The single value that `bytes` are. */
  static read(bytes) {
    const node = new DerNode(bytes);
    if (node.end !== bytes.length) throw new Unreadable("not DER: something follows the value");
    return node;
  }

  is(tag) {
    return this.tag === tag;
  }

  expect(tag, what) {
    if (this.tag !== tag) throw new Unreadable(`not DER of a time-stamp: ${what} is something else`);
    return this;
  }

  /** The values within a constructed value. */
  get children() {
    if (!(this.tag & 0x20)) throw new Unreadable("not DER of a time-stamp: a simple value where parts were expected");
    const found = [];
    for (let at = 0; at < this.body.length; at = found[found.length - 1].end) {
      found.push(new DerNode(this.body, at));
      if (found.length > MAX_DER_CHILDREN) throw new Unreadable("too many parts in one DER value");
    }
    return found;
  }

  /** The first of the values within, and the only one. */
  get first() {
    const [first] = this.children;
    if (!first) throw new Unreadable("not DER of a time-stamp: nothing where something was expected");
    return first;
  }

  get only() {
    if (this.children.length !== 1) throw new Unreadable("not DER of a time-stamp: not one value where one was expected");
    return this.first;
  }

  /** The bytes of an OCTET STRING, also of one in parts (BER). */
  get octets() {
    if (this.is(0x24)) return joined(this.children.map((part) => part.octets));
    return this.expect(DER.OCTETS, "a text of bytes").body;
  }

  get oid() {
    this.expect(DER.OID, "an object identifier");
    const parts = [];
    let value = 0;
    for (const byte of this.body) {
      value = value * 128 + (byte & 0x7f);
      if (value > Number.MAX_SAFE_INTEGER) throw new Unreadable("not DER: an object identifier that is too long");
      if (byte & 0x80) continue;
      if (parts.length) parts.push(value);
      else parts.push(Math.min(2, Math.floor(value / 40)), value - 40 * Math.min(2, Math.floor(value / 40)));
      value = 0;
    }
    if (!this.body.length || this.body[this.body.length - 1] & 0x80) throw new Unreadable("not DER: an object identifier does not end");
    return parts.join(".");
  }

  /** A small whole number. */
  get number() {
    this.expect(DER.INTEGER, "a number");
    if (!this.body.length || this.body.length > 6 || this.body[0] & 0x80) throw new Unreadable("not DER: a number out of bounds");
    return this.body.reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /** {at: milliseconds since 1970, text: ISO 8601 to the microsecond} of a GeneralizedTime or UTCTime that ends in Z. */
  get time() {
    const text = String.fromCharCode(...this.body.subarray(0, 40));
    const match = this.is(DER.TIME)
      ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?Z$/.exec(text)
      : this.is(DER.UTC_TIME) && /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
    if (!match) throw new Unreadable("not DER of a time-stamp: a time that is not in UTC to the second");
    const [year, month, day, hour, minute, second] = match.slice(1, 7);
    const full = this.is(DER.TIME) ? year : `${Number(year) < 50 ? "20" : "19"}${year}`;
    const micros = (match[7] || "").padEnd(6, "0").slice(0, 6);
    const whole = `${full}-${month}-${day}T${hour}:${minute}:${second}`;
    const at = Date.parse(`${whole}Z`);
    if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== whole) throw new Unreadable("not DER of a time-stamp: a time that does not exist");
    return { at: at + Number(micros) / 1000, text: `${whole}${Number(micros) ? `.${micros}` : ""}Z` };
  }
}
