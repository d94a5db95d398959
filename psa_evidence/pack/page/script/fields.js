// Typed access to untrusted JSON: one error for all that can be wrong. The same rules as docs/format.

const Fields = {
  /** An object with exactly `names`: an unknown one may be a promise that this page cannot check. */
  object(value, where, names) {
    if (value === null || typeof value !== "object" || Array.isArray(value) || value instanceof Real) {
      throw new Unreadable(`${where}: not an object`);
    }
    for (const name of [...names].sort()) if (!Object.hasOwn(value, name)) throw new Unreadable(`${where}: ${name} is missing`);
    for (const name of Object.keys(value).sort()) {
      if (!names.includes(name)) throw new Unreadable(`${where}: '${name.slice(0, 40)}' is not known to this version`);
    }
    return value;
  },
  text(value, where) {
    if (typeof value !== "string") throw new Unreadable(`${where}: not a text`);
    return value;
  },
  optionalText(value, where) {
    return value === null ? null : Fields.text(value, where);
  },
  whole(value, where) {
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
      throw new Unreadable(`${where}: not a whole number`);
    }
    return value;
  },
  list(value, where) {
    if (!Array.isArray(value)) throw new Unreadable(`${where}: not a list`);
    return value;
  },
  digest(value, where) {
    if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) throw new Unreadable(`${where}: not a SHA-256 digest`);
    return value;
  },
  optionalDigest(value, where) {
    return value === null ? null : Fields.digest(value, where);
  },
  /** A whole number of either sign, or null. */
  optionalSigned(value, where) {
    if (value !== null && (typeof value !== "number" || !Number.isSafeInteger(value))) throw new Unreadable(`${where}: not a whole number`);
    return value;
  },
  /** [[name, whole number]] of an object. */
  counts(value, where) {
    const raw = Fields.object(value, where, Object.keys(Object(value)));
    return Object.entries(raw).map(([name, number]) => [name, Fields.whole(number, where)]);
  },
  constant(value, where, expected) {
    if (value !== expected) {
      throw new Unreadable(`${where}: '${String(value).slice(0, 60)}' is not '${expected}'; a newer version may read it`);
    }
  },
};
