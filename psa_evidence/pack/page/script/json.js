// Canonical JSON (RFC 8785) and strict reading of our own documents.

const MAX_JSON_DEPTH = 64;

/** A number that was written with a point or an exponent: never a whole number of ours. */
class Real {
  constructor(value) {
    this.value = value;
  }
}

/** RFC 8785 text of a value. Throws Unreadable on what JSON cannot carry exactly. */
function canonical(value) {
  if (typeof value === "string") {
    if (/\p{Surrogate}/u.test(value)) throw new Unreadable("not canonical JSON: half a character");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Unreadable("not canonical JSON: a number that is none");
    return Object.is(value, -0) ? "0" : String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (value instanceof Real) return canonical(value.value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** {value, canonical}: strict JSON, and whether the bytes are its canonical form. Throws Unreadable.
    In canonical form no name can stand twice: the second would be lost on the way back. */
function readJson(bytes) {
  const text = textOf(bytes, "not JSON: not UTF-8");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Unreadable("not JSON");
  }
  if (jsonDepth(value) > MAX_JSON_DEPTH) throw new Unreadable(`nested deeper than ${MAX_JSON_DEPTH} levels`);
  if (canonical(value) === text) return { value, canonical: true };
  return { value: new StrictJson(bytes).whole(), canonical: false };
}

function jsonDepth(value) {
  let depth = 0;
  let level = [value];
  while (level.length && depth <= MAX_JSON_DEPTH) {
    depth += 1;
    const below = [];
    for (const item of level) {
      if (item !== null && typeof item === "object") for (const child of Object.values(item)) below.push(child);
    }
    level = below;
  }
  return depth;
}
